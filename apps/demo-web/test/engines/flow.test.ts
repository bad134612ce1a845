/** The app's main flow in every engine: a session is imported, swept, read, exported, resumed, archived again and restored. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { enginesHere, launchBrowser } from "@session-archiver/test-kit/browsers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Site, serveBuiltSite } from "../e2e/support/built-site.ts";
import { writeSamples } from "../e2e/support/sample.ts";
import { openApp } from "./support/app-page.ts";

let site: Site;
beforeAll(async () => {
  site = await serveBuiltSite();
});
afterAll(() => site?.close());

const inState = (title: string, state: string): string =>
  `[...document.querySelectorAll("[role=option]")].some((row) => row.querySelector('[title="${title}"]') &&
    row.textContent.includes("${state}"))`;
const openIn = (state: string): string =>
  `document.querySelector("article.session > header")?.textContent.includes("${state}")`;
const LINES = `Number(/([\\d,]+) lines?/.exec(document.querySelector("article.session > header").textContent)[1].replace(/,/g, ""))`;

describe.each(enginesHere())("%s", (engine) => {
  test("import, sweep, read, export, resume, archive, restore", { timeout: 600_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "demo-web-"));
    const browser = await launchBrowser(engine);
    try {
      const samples = await writeSamples(folder, [
        { title: "Mend the parser" },
        { title: "Name the branches", kind: "codex" },
      ]);
      const files = await Promise.all(
        samples.map(async ({ path, title }) => ({ name: `${title}.jsonl`, text: await readFile(path, "utf8") })),
      );
      const app = await openApp(await browser.newPage(), site.url);
      await app.importFiles(files);
      for (const { title } of samples) await app.untilTrue(inState(title, "Live"));

      await app.click("button", "^Sweep…$");
      await app.untilTrue(`document.querySelector('section[aria-label="Plan"][aria-busy="false"]')`);
      await app.click("[role=dialog] button, dialog button", "^Archive 2 sessions$");
      await app.click("[role=dialog] button, dialog button", "^Done$");
      for (const { title } of samples) await app.untilTrue(inState(title, "Archived"));

      const [{ title, lastWords }, { text }] = [samples[0], files[0]] as [
        (typeof samples)[0] & {},
        (typeof files)[0] & {},
      ];
      await app.click(`[role=option]:has([title="${title}"])`, "");
      await app.untilTrue(`document.querySelector('[role=feed]')?.textContent.includes("${lastWords}")`);
      expect(String(gunzipSync(await app.exported()))).toBe(text);

      const lines = text.split("\n").length - 1;
      await app.click("article.session button", "^Start agent$");
      await app.untilTrue(`${LINES} >= ${lines + 2}`);
      await app.click("article.session button", "^Stop agent$");
      await app.untilTrue(`find("article.session button", "^Start agent$")`);
      await app.untilTrue(openIn("Resumed"));
      const resumed = String(gunzipSync(await app.exported()));
      expect(resumed.startsWith(text)).toBe(true);
      expect(resumed.length).toBeGreaterThan(text.length);

      await app.click("article.session button", "^Archive$");
      await app.untilTrue(openIn("Archived"));
      expect(String(gunzipSync(await app.exported()))).toBe(resumed);
      await app.click("article.session button", "^Restore$");
      await app.untilTrue(openIn("Live"));
      expect(String(gunzipSync(await app.exported()))).toBe(resumed);
      expect(await app.problems()).toEqual([]);
    } finally {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
