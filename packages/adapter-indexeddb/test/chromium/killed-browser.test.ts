/** The whole browser killed, and started again on what it left on the disk. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SCENARIOS } from "./support/client/scenarios.js";
import { type Killable, launchKillable } from "./support/killable.js";
import { pointsFor } from "./support/points.js";
import { openSite, type Site } from "./support/site.js";
import { openTab } from "./support/tab.js";

let site: Site;
let folder: string;
let browser: Killable;
beforeAll(async () => {
  site = await openSite();
});
afterAll(async () => site?.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "session-archiver-chromium-"));
  browser = await launchKillable(folder);
});
afterEach(async () => {
  await browser.kill();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function killAndStart(): Promise<void> {
  await browser.kill();
  browser = await launchKillable(folder);
}

test("in the middle of every operation at once", { timeout: 600_000 }, async () => {
  const tab = await openTab(browser.context, site);
  const stopped = [];
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    const points = pointsFor(
      { ...scenario, most: Math.min(4, scenario.most ?? 4) },
      await tab.call("countPoints", name, scenario.points),
      1,
    );
    stopped.push(...(await tab.call("stopAt", name, points, scenario.points)));
  }
  expect(new Set(stopped.map(({ scenario }) => scenario)).size).toBe(Object.keys(SCENARIOS).length);
  await killAndStart();
  await (await openTab(browser.context, site)).call("checkAfter", stopped);
});

describe.each(["strict", "relaxed"] as const)("%s", (durability) => {
  test("while it appends: what was acknowledged is there, and whole lines only", async () => {
    const tab = await openTab(browser.context, site);
    await tab.call("open", "append", { durability });
    site.uploads.clear();
    const enough = site.uploaded("acknowledged", (count) => Number(count) >= 100);
    const appending = tab.call("appendForever", "s");
    appending.catch(() => {});
    await enough;
    await browser.kill();
    // After the kill: the lines it had reported by then.
    const acknowledged = Number(site.uploads.get("acknowledged"));
    browser = await launchKillable(folder);
    const next = await openTab(browser.context, site);
    await next.call("open", "append", { durability });
    const lines = (await next.call("text", "s")).split("\n");
    expect(lines.pop()).toBe("");
    expect(lines).toEqual(Array.from({ length: lines.length }, (_, i) => String(i)));
    expect(lines.length).toBeGreaterThanOrEqual(acknowledged);
    await next.call("append", "s", "more\n");
    expect((await next.call("archive", "s")).rawBytes).toBe(lines.join("\n").length + 1 + "more\n".length);
    await next.call("verify", "s");
  });
});
