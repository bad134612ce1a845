/** A tab that dies in the middle of an operation: nothing is lost, nothing is left over, and what comes next works. */
import { describe, test } from "vitest";
import { useChromium } from "../support/chromium.js";
import { SCENARIOS } from "../support/client/scenarios.js";
import { pointsFor } from "../support/points.js";
import type { Tab } from "../support/tab.js";

const chromium = useChromium();

const ends: ReadonlyArray<readonly [string, (tab: Tab) => Promise<void>]> = [
  ["its process is killed", (tab) => tab.crash()],
  ["it is closed", (tab) => tab.close()],
  ["its worker is terminated", (tab) => tab.terminateWorker()],
];

// Each in a profile of its own, so several at a time: most of it is waiting for the browser.
describe.concurrent.each(Object.entries(SCENARIOS))("in the middle of: %s", { timeout: 600_000 }, (name, scenario) => {
  test.for(ends.map(([end, kill], turn) => ({ end, kill, turn })))("$end", async ({ kill, turn }, { expect }) => {
    const profile = await chromium.newProfile();
    const tab = await chromium.openTab(profile);
    const points = pointsFor(scenario, await tab.call("countPoints", name, scenario.points), turn);
    const stopped = await tab.call("stopAt", name, points, scenario.points);
    expect(stopped).toHaveLength(points.length);
    await kill(tab);
    const next = await chromium.openTab(profile);
    await next.call("checkAfter", stopped);
    await profile.close();
  });
});
