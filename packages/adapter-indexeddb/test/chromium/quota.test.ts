/** No space left: an error that says so, nothing lost, and on it goes once there is space. */
import { beforeEach, expect, test } from "vitest";
import { useProfile } from "../support/chromium.js";
import type { Sum } from "../support/client/sessions.js";
import type { Tab } from "../support/tab.js";

const MB = 1_000_000;
/**
 * Stored in several transactions: the first ones fit where the last ones don't. Larger than the browser may be wrong by, which
 * is some MB: it counts late what was written last, and what was deleted.
 */
const SESSION = 27 * MB;

const chromium = useProfile();
let tab: Tab;
beforeEach(async () => {
  tab = await chromium.openTab();
});

/** The limit that the browser enforces; `estimate()` gives other figures. */
async function setQuota(bytes: number): Promise<void> {
  const origin = new URL(chromium.site.url).origin;
  const cdp = await tab.cdp();
  await cdp.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: bytes });
  expect(await cdp.send("Storage.getUsageAndQuota", { origin })).toMatchObject({ quota: bytes, overrideActive: true });
}

const NO_SPACE = { code: "QUOTA", message: expect.stringMatching(/no space for (\d+ more bytes|this change)/) };

async function expectNothingLeft(): Promise<void> {
  const { named, stored, loose } = await tab.call("contents", "full");
  expect({ stored, loose }).toEqual({ stored: named, loose: 0 });
}

test("import, archive, append and restore", { timeout: 600_000 }, async () => {
  // Sessions of noise take as much space archived as they do live, so no reserve would do.
  await tab.call("open", "full", { reserve: false });
  const sums = new Map<string, Sum>();
  const expectWhole = async (): Promise<void> => {
    expect(await tab.call("ids")).toEqual([...sums.keys()].sort());
    for (const [id, sum] of sums) expect(await tab.call("sum", id)).toEqual(sum);
  };
  /** Until there is no space for one more of the same size. */
  const fillUp = async (label: string): Promise<void> => {
    for (let i = 0; i < 50; i++) {
      try {
        sums.set(`${label}${i}`, await tab.call("addNoise", `${label}${i}`, SESSION));
      } catch (error) {
        return expect(error).toMatchObject(NO_SPACE);
      }
    }
    throw new Error("The quota is not enforced.");
  };
  /** The rest too: together with what the browser is wrong by, it could be a session's space. */
  const fillRest = (): Promise<void> => tab.call("fillRest", "rest");

  await setQuota(93 * MB);
  await fillUp("s");
  expect(sums.size).toBeGreaterThan(2);
  await fillRest();
  await expectWhole();
  await expectNothingLeft();

  // An archive needs space before it gives some back.
  await expect(tab.call("archive", "s0")).rejects.toMatchObject(NO_SPACE);
  expect((await tab.call("info", "s0")).state).toBe("live");
  const { archivedCount, failures, outOfSpace } = await tab.call("sweep");
  expect(archivedCount).toBe(0);
  expect(outOfSpace?.sessionCount).toBe(sums.size);
  expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(["QUOTA"]));
  await expect(tab.call("append", "s0", "y".repeat(SESSION))).rejects.toMatchObject(NO_SPACE);
  await expectWhole();
  await expectNothingLeft();

  // From small to larger only: the browser remembers for a while how much was free.
  await setQuota(155 * MB);
  expect(await tab.call("sweep")).toMatchObject({ archivedCount: sums.size, failures: [] });
  await expectWhole();
  await fillUp("t");
  await fillRest();
  await expect(tab.call("restore", "s0")).rejects.toMatchObject(NO_SPACE);
  expect((await tab.call("info", "s0")).state).toBe("archived");
  await expectWhole();
  await expectNothingLeft();

  // A tombstone takes some bytes too; how few are left, the browser finds out late.
  await setQuota(170 * MB);
  await tab.call("dropArchives", ["s1", "s2"]);
  for (const id of ["s1", "s2"]) {
    await expect(tab.call("sum", id)).rejects.toMatchObject({ code: "PRUNED" });
    sums.delete(id);
  }
  await expectNothingLeft();

  await setQuota(225 * MB);
  await tab.call("restore", "s0");
  expect((await tab.call("info", "s0")).state).toBe("live");
  for (const [id, sum] of sums) expect(await tab.call("sum", id)).toEqual(sum);
  await tab.call("append", "s0", "more\n");
  expect((await tab.call("sum", "s0")).bytes).toBe(SESSION + "more\n".length);
});
