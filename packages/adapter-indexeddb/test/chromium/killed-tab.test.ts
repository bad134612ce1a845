/** A tab that dies in the middle of an operation: nothing is lost, nothing is left over, and what comes next works. */
import { launchChromium } from "@session-archiver/test-kit/machine";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, test } from "vitest";
import { SCENARIOS } from "./support/client/scenarios.js";
import { pointsFor } from "./support/points.js";
import { openSite, type Site } from "./support/site.js";
import { openTab, type Tab } from "./support/tab.js";

let site: Site;
let browser: Browser;
beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const ends: ReadonlyArray<readonly [string, (tab: Tab) => Promise<void>]> = [
  ["its process is killed", (tab) => tab.crash()],
  ["it is closed", (tab) => tab.close()],
  ["its worker is terminated", (tab) => tab.terminateWorker()],
];

// Each in a profile of its own, so several at a time: most of it is waiting for the browser.
describe.concurrent.each(Object.entries(SCENARIOS))("in the middle of: %s", { timeout: 600_000 }, (name, scenario) => {
  test.for(ends.map(([end, kill], turn) => ({ end, kill, turn })))("$end", async ({ kill, turn }, { expect }) => {
    const context = await browser.newContext();
    const tab = await openTab(context, site);
    const points = pointsFor(scenario, await tab.call("countPoints", name, scenario.points), turn);
    const stopped = await tab.call("stopAt", name, points, scenario.points);
    expect(stopped).toHaveLength(points.length);
    await kill(tab);
    const next = await openTab(context, site);
    await next.call("checkAfter", stopped);
    await context.close();
  });
});
