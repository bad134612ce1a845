/** A session of 300 MB: the page stays responsive, and memory doesn't grow with the session. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pageTimeDuring, peakMemory } from "@session-archiver/test-kit/chromium";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Killable, launchKillable } from "../support/killable.js";
import { openSite, type Site } from "../support/site.js";
import { openTab, type Tab } from "../support/tab.js";

const SIZE = 300_000_000;
/** What the tab's process may take beyond an empty one: segments, batches, and garbage on its way out. */
const MOST_MEMORY = 220_000_000;

let site: Site;
let folder: string;
let browser: Killable;
beforeEach(async () => {
  site = await openSite();
  folder = await mkdtemp(join(tmpdir(), "session-archiver-chromium-"));
  browser = await launchKillable(folder);
});
afterEach(async () => {
  await browser.kill();
  await site.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

test("is made, archived, read and restored in a worker", { timeout: 600_000 }, async () => {
  const tab = await openTab(browser.context, site);
  await tab.call("open", "large");
  await tab.call("addText", "small", "text\n");
  await tab.call("archive", "small");
  const before = await peakMemory(browser.context);
  const { blocking } = await pageTimeDuring(tab.page, () => wholeLife(tab));
  expect(blocking).toBeLessThan(50);
  const peak = await peakMemory(browser.context);
  if (before !== undefined && peak !== undefined) expect(peak - before).toBeLessThan(MOST_MEMORY);
});

/** Makes a large session, archives it, reads it and restores it. */
async function wholeLife(tab: Tab): Promise<void> {
  const sum = await tab.call("addGenerated", "large", SIZE);
  expect(sum.bytes).toBeGreaterThanOrEqual(SIZE);
  const tail = await tab.call("tail", "large", 100);
  const archived = await tab.call("archive", "large");
  expect(archived).toMatchObject({ outcome: "archived", rawBytes: sum.bytes, liveBytesFreed: sum.bytes });
  expect(archived.archiveBytes).toBeLessThan(sum.bytes / 2);
  expect(await tab.call("tail", "large", 100)).toBe(tail);
  expect(tail.split("\n")).toHaveLength(101);
  expect(await tab.call("sum", "large")).toEqual(sum);
  await tab.call("restore", "large");
  expect((await tab.call("info", "large")).state).toBe("live");
  expect(await tab.call("sum", "large")).toEqual(sum);
}
