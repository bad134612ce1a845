/** Which archives a prune drops, as a pure choice. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { candidateList } from "../../../src/ops/prune/candidates.js";
import { pruneVictims } from "../../../src/ops/prune/victims.js";

describe("victims", () => {
  const candidate = fc.record({
    lastActivityMs: fc.integer({ min: 1, max: 9 }),
    archivedAt: fc.integer({ min: 1, max: 9 }),
    archiveBytes: fc.integer({ min: 0, max: 9 }),
    protected: fc.boolean(),
  });
  const limits = fc.record(
    {
      maxTotalBytes: fc.integer({ min: 0, max: 40 }),
      olderThan: fc.integer({ min: 1, max: 10 }),
      by: fc.constantFrom("activity", "archived"),
    } as const,
    { requiredKeys: ["maxTotalBytes"] },
  );

  test("are those too old, then the oldest until the rest fits, by the time that was chosen", () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 12 }), limits, (drawn, { maxTotalBytes, olderThan = 0, by }) => {
        const candidates = drawn.map((each, n) => ({ ...each, id: String.fromCharCode(97 + n) }));
        const time = by === "archived" ? "archivedAt" : "lastActivityMs";
        const list = candidateList();
        for (const each of candidates) list.add({ ...each, isTimed: true });
        const { totalBytes } = list;
        const victims = pruneVictims(list.oldestFirst(by), { maxTotalBytes, olderThan, totalBytes, by });
        const chosen = Array.from(victims, (victim) => ({ ...victim.candidate, reason: victim.reason }));
        const open = candidates.filter((each) => !each.protected).sort((a, b) => a[time] - b[time]);
        expect(chosen.map(({ id }) => id)).toEqual(open.slice(0, chosen.length).map(({ id }) => id));
        for (const { reason, ...each } of chosen) {
          const tooOld = by === "archived" ? "archived too long ago" : "no activity for too long";
          expect(reason).toBe(each[time] < olderThan ? tooOld : "archives over the byte cap");
        }
        const total = candidates.reduce((sum, { archiveBytes }) => sum + archiveBytes, 0);
        const left = chosen.reduce((sum, { archiveBytes }) => sum - archiveBytes, total);
        const next = open[chosen.length];
        expect(next === undefined || (next[time] >= olderThan && left <= maxTotalBytes)).toBe(true);
        const last = chosen.at(-1);
        if (last && last[time] >= olderThan) expect(left + last.archiveBytes).toBeGreaterThan(maxTotalBytes);
      }),
    );
  });
});
