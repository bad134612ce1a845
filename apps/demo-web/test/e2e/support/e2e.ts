/** Tests of the built app in a real Chromium: each with a profile of its own, and failed by any problem of a page. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium } from "@session-archiver/test-kit/machine";
import type { BrowserContext, Page } from "playwright";
import { test as base } from "vitest";
import { serveBuiltSite } from "./built-site.ts";
import { watchForProblems } from "./problems.ts";

/** Where to put pictures of the pages of failed tests, if they are wanted. */
const PICTURES = process.env["DEMO_WEB_PICTURES"];

export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern what the fixture needs
  .extend("site", { scope: "worker" }, async ({}, { onCleanup }) => {
    const site = await serveBuiltSite();
    onCleanup(() => site.close());
    return site;
  })
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern what the fixture needs
  .extend("browser", { scope: "worker" }, async ({}, { onCleanup }) => {
    const browser = await launchChromium();
    onCleanup(() => browser.close());
    return browser;
  })
  /** A folder for files, deleted after the test. */
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern what the fixture needs
  .extend("folder", async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), "demo-web-"));
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    return folder;
  })
  .extend("context", async ({ browser, task }, { onCleanup }) => {
    const context = await browser.newContext({ acceptDownloads: true, viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(120_000);
    onCleanup(async () => {
      if (task.result?.state === "fail") await picture(context, task.name);
      await context.close();
    });
    return context;
  })
  .extend("problems", { auto: true }, ({ context }, { onCleanup }) => {
    const problems = watchForProblems(context);
    onCleanup(() => problems.check());
    return problems;
  })
  /** Opens the app in one more tab. */
  .extend("openTab", ({ context, site }) => async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(site.url);
    return page;
  })
  /** The app in its first tab. */
  .extend("page", ({ openTab }) => openTab());

async function picture(context: BrowserContext, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  for (const [index, page] of context.pages().entries()) {
    await page.screenshot({ path: join(PICTURES, `${name.replaceAll(/\W+/g, "-")}-${index + 1}.png`) });
  }
}
