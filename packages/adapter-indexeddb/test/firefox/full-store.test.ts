/** A store that is full to the last byte can be swept in Firefox, too. */
import { expect, onTestFinished, test } from "vitest";
import type { Filled, Swept } from "../chromium/support/client/full-store.js";
import { openSite } from "../chromium/support/site.js";
import { hasFirefox, NO_FIREFOX, withFirefox } from "./firefox.js";

/** A site may use a fifth of the limit, and 10 MiB at least. */
const LIMIT_KIB = 30 * 1024;
const QUOTA = 10 * 1024 * 1024;
const PREFERENCES = {
  "dom.quotaManager.temporaryStorage.fixedLimit": LIMIT_KIB,
  "datareporting.policy.dataSubmissionEnabled": false,
  "browser.shell.checkDefaultBrowser": false,
};

if (!hasFirefox) console.warn(NO_FIREFOX);

test.skipIf(!hasFirefox)("no session is over a fifth of the quota, and all of it is freed", async () => {
  const site = await openSite();
  onTestFinished(() => site.close());
  const calls = [
    ["fillUp", ["full", QUOTA, { parts: [0.18, 0.1, 0.05, 0.02, 0.004] }]],
    ["sweepFull", []],
  ];
  const address = `${site.url}#${encodeURIComponent(JSON.stringify(calls))}`;
  await withFirefox(
    address,
    PREFERENCES,
    site.uploaded("answers", () => true),
  );
  const [filled, swept] = JSON.parse(site.uploads.get("answers")?.toString() ?? "") as [
    { readonly value: Filled },
    { readonly value: Swept },
  ];
  expect([filled, swept]).toEqual([{ value: expect.anything() }, { value: expect.anything() }]);
  const { ids, liveBytes, largestBytes, fullBytes } = filled.value;
  const { report, sweptBytes, differing } = swept.value;
  expect(largestBytes).toBeLessThan(QUOTA / 5);
  expect(fullBytes).toBeGreaterThan(QUOTA * 0.99);
  expect(report).toMatchObject({ archivedCount: ids.length, failures: [] });
  expect(report.liveBytesFreed / liveBytes).toBeGreaterThan(0.9);
  expect(sweptBytes).toBeLessThan(fullBytes);
  expect(differing).toEqual([]);
});
