/** A store that is full to the last byte can be swept: in a Chromium with its data on the disk, as people have it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromiumIn } from "@session-archiver/test-kit/chromium";
import { expect, onTestFinished, test } from "vitest";
import type { Filled, Swept } from "../support/client/full-store.js";
import { openSite } from "../support/site.js";
import { openTab } from "../support/tab.js";

const QUOTA = 6_000_000;

async function fillAndSweep(reserve: boolean): Promise<Filled & Swept> {
  const folder = await mkdtemp(join(tmpdir(), "session-archiver-full-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const site = await openSite();
  onTestFinished(() => site.close());
  const profile = await launchChromiumIn(folder);
  onTestFinished(() => profile.close());
  const tab = await openTab(profile, site);
  const { origin } = new URL(site.url);
  await (await tab.cdp()).send("Storage.overrideQuotaForOrigin", { origin, quotaSize: QUOTA });
  const filled = await tab.call("fillUp", "full", QUOTA, { reserve });
  return { ...filled, ...(await tab.call("sweepFull")) };
}

test("with its reserve all of it is freed, though no session is over a fifth of the quota", async () => {
  const { ids, liveBytes, largestBytes, reservedBytes, fullBytes, sweptBytes, report, differing } =
    await fillAndSweep(true);
  expect(largestBytes).toBeLessThan(QUOTA / 5);
  expect(fullBytes).toBeGreaterThan(QUOTA);
  expect(reservedBytes).toBeGreaterThan(largestBytes / 4);
  expect(report).toMatchObject({ archivedCount: ids.length, failures: [] });
  expect(report.liveBytesFreed / liveBytes).toBeGreaterThan(0.9);
  expect(sweptBytes).toBeLessThan(fullBytes);
  expect(differing).toEqual([]);
});

test("without it nothing can be freed: few are tried, and none is lost", async () => {
  const { ids, liveBytes, report, differing } = await fillAndSweep(false);
  expect(report).toMatchObject({ archivedCount: 0, liveBytesFreed: 0 });
  expect(report.outOfSpace).toMatchObject({ sessionCount: ids.length, liveBytes });
  expect(report.failures.length).toBeLessThan(8);
  for (const { code } of report.failures) expect(code).toBe("QUOTA");
  expect(differing).toEqual([]);
});
