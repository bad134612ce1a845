/** The browser has dropped what was here: the page says so. */
import type { Page } from "playwright";
import { expect } from "vitest";
import { test } from "./support/e2e.ts";
import { eventually } from "./support/eventually.ts";
import { importFiles } from "./support/import.ts";
import { writeSample } from "./support/sample.ts";
import { allRows } from "./support/session.ts";

/** As an eviction would, between two visits. */
async function evict(page: Page, storageTypes: string): Promise<void> {
  const { href, origin } = new URL(page.url());
  await page.goto("about:blank");
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.clearDataForOrigin", { origin, storageTypes });
  await session.detach();
  await page.goto(href);
}

const gone = (page: Page) => page.getByRole("alert").filter({ hasText: "The browser has dropped this site’s data" });

test.for(["indexeddb", "indexeddb,local_storage"])(
  "%s: told until it is dismissed",
  async (types, { page, folder }) => {
    const samples = [await writeSample(folder, { title: "One" }), await writeSample(folder, { title: "Two", seed: 2 })];
    await importFiles(
      page,
      samples.map(({ path }) => path),
    );
    await eventually(() => allRows(page).count()).toBe(2);
    await page.reload();
    await eventually(() => allRows(page).count()).toBe(2);
    expect(await gone(page).count()).toBe(0);

    await evict(page, types);
    await gone(page).getByText("2 sessions that were here on").waitFor();
    await page.reload();
    await gone(page).getByRole("button", { name: "Dismiss" }).click();
    await gone(page).waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("heading", { name: "Drop transcripts here" }).waitFor();
    expect(await gone(page).count()).toBe(0);
  },
);
