/** A store that is full to the last byte can be swept in Firefox, too. WebKitGTK lets no quota be set. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enginesHere } from "@session-archiver/test-kit/browsers";
import { expect, onTestFinished, test } from "vitest";
import { openKillable } from "../support/killable-tab.js";
import { openSite } from "../support/site.js";

/** A site may use a fifth of the limit, and 10 MiB at least. */
const LIMIT_KIB = 30 * 1024;
const QUOTA = 10 * 1024 * 1024;
const preferences = { "dom.quotaManager.temporaryStorage.fixedLimit": LIMIT_KIB };

test.skipIf(!enginesHere().includes("firefox"))("no session is over a fifth of the quota, all is freed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "session-archiver-full-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const site = await openSite();
  onTestFinished(() => site.close());
  const tab = await openKillable("firefox", folder, site, { preferences });
  onTestFinished(() => tab.kill());
  const { ids, liveBytes, largestBytes, fullBytes } = await tab.call("fillUp", "full", QUOTA, {
    parts: [0.18, 0.1, 0.05, 0.02, 0.004],
  });
  const { report, sweptBytes, differing } = await tab.call("sweepFull");
  expect(largestBytes).toBeLessThan(QUOTA / 5);
  expect(fullBytes).toBeGreaterThan(QUOTA * 0.99);
  expect(report).toMatchObject({ archivedCount: ids.length, failures: [] });
  expect(report.liveBytesFreed / liveBytes).toBeGreaterThan(0.9);
  expect(sweptBytes).toBeLessThan(fullBytes);
  expect(differing).toEqual([]);
});
