/** What a prune may drop is held as numbers, and comes back as it was. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Candidate, candidateList } from "../../../src/ops/prune/candidates.js";

const candidates = fc
  .array(
    fc.record(
      {
        lastActivityMs: fc.integer({ min: 1, max: 9 }),
        archivedAt: fc.double({ min: 0, max: 2 ** 60, noNaN: true }),
        archiveBytes: fc.nat(),
        protected: fc.boolean(),
        isTimed: fc.boolean(),
        estimatedArchiveBytes: fc.nat(),
      },
      { requiredKeys: ["lastActivityMs", "archivedAt", "archiveBytes", "protected", "isTimed"] },
    ),
    { maxLength: 12 },
  )
  .map((drawn) => drawn.map((each, n): Candidate => ({ ...each, id: `s${n}` })));

test("in the order of its times, also if only the oldest are kept", () => {
  fc.assert(
    fc.property(candidates, fc.nat(12), (all, most) => {
      const list = candidateList();
      for (const one of all) list.add(one);
      const byId = (a: Candidate, b: Candidate): number => (a.id < b.id ? -1 : 1);
      const byArchived = all.toSorted((a, b) => a.archivedAt - b.archivedAt || byId(a, b));
      expect([...list.oldestFirst("archived")]).toEqual(byArchived);
      const oldest = all.toSorted((a, b) => a.lastActivityMs - b.lastActivityMs || byId(a, b));
      expect([...list.oldestFirst()]).toEqual(oldest);
      list.keepOldest(most);
      const kept = oldest.slice(0, most);
      expect([...list.oldestFirst()]).toEqual(kept);
      expect(list).toMatchObject({
        length: kept.length,
        open: kept.filter((one) => !one.protected).length,
        totalBytes: kept.reduce((sum, { archiveBytes }) => sum + archiveBytes, 0),
        newestMs: kept.at(-1)?.lastActivityMs ?? 0,
      });
    }),
  );
});
