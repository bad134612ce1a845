/** Of a store that keeps a sum and finds the oldest archives, a prune asks less, and decides the same. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import type { Meta, ObjectQuery } from "../../../src/index.js";
import { runs } from "../../fuzz.js";
import { NOW } from "../../support.js";
import { DAY_MS, planOf, portsWith, sharp, withoutSum } from "./support.js";

const session = fc
  .record({
    archivedAt: fc.integer({ min: 0, max: 6 }),
    activeAt: fc.option(fc.integer({ min: 1, max: 6 })),
    storedBytes: fc.integer({ min: 0, max: 9 }),
    state: fc.constantFrom("archived", "archived", "archived", "resumed", "pinned", "settling", "pruned", "purged"),
    daysAgo: fc.integer({ min: 0, max: 14 }),
    promisedDays: fc.constantFrom(null, 1, 7, 10),
  })
  .map(({ archivedAt, activeAt, storedBytes, state, daysAgo, promisedDays }): Meta => {
    const at = (day: number): number => NOW - (20 - day) * DAY_MS;
    const prunedAt = NOW - daysAgo * DAY_MS;
    const purgeAfter = promisedDays === null ? null : prunedAt + promisedDays * DAY_MS;
    return {
      view: "agent",
      [KEY.archivedAt]: state === "purged" || archivedAt === 0 ? null : at(archivedAt),
      [KEY.lastActivity]: activeAt === null ? null : at(activeAt),
      [KEY.archiveBytes]: storedBytes,
      ...(state === "resumed" && { [KEY.resumedAt]: NOW }),
      ...(state === "settling" && { [KEY.settlingAt]: NOW }),
      ...(state === "pinned" && { [KEY.pinned]: true }),
      ...(state === "pruned" && { [KEY.prunedAt]: prunedAt, [KEY.purgeAfter]: purgeAfter }),
      ...(state === "purged" && { [KEY.prunedAt]: prunedAt, [KEY.purgedAt]: NOW }),
    };
  });

const limits = fc.record(
  {
    maxTotalBytes: fc.integer({ min: 0, max: 60 }),
    olderThanDays: fc.integer({ min: 13, max: 21 }),
    by: fc.constantFrom("activity", "archived"),
    graceDays: fc.constantFrom(0, 3, 9),
  },
  { requiredKeys: [] },
);

test("a plan is the same whether the store keeps a sum or is listed as a whole", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(session, { maxLength: 25 }), limits, async (metas, options) => {
      const ports = await portsWith(metas);
      const expected = await planOf(withoutSum(ports), options);
      const key = ({ action, id }: { action: string; id: string }): string => `${action} ${id}`;
      expect((await planOf(ports, options)).map(key)).toEqual(expected.map(key));
      // Between archives of one time a sharp store may choose others: as many bytes or more, but no more than needed.
      expect((await planOf(sharp(ports), options)).map(key)).toEqual(expected.map(key));
    }),
    runs(100),
  );
});

test("within the cap nothing but due tombstones is listed; over it, the oldest, as many as it takes", async () => {
  const metas = Array.from({ length: 6000 }, (_, n): Meta => ({ [KEY.archivedAt]: 1 + n, [KEY.archiveBytes]: 10 }));
  const asked: ObjectQuery[] = [];
  const ports = sharp(await portsWith(metas), asked);
  expect(await planOf(ports, { maxTotalBytes: 60_000 })).toEqual([]);
  const prunedBefore = NOW - 7 * DAY_MS;
  const idle = { archived: false, lastActiveBefore: expect.any(Number) };
  expect(asked.splice(0)).toEqual([idle, { prunedBefore }]);
  expect(await planOf(ports, { maxTotalBytes: 59_985 })).toMatchObject([{ id: "s0" }, { id: "s1" }]);
  expect(asked.splice(0)).toEqual([idle, { prunedBefore }, { oldestArchivesLimit: 1000 }]);
  expect(await planOf(ports, { maxTotalBytes: 10_000 })).toHaveLength(5000);
  expect(asked.map(({ oldestArchivesLimit }) => oldestArchivesLimit).filter(Boolean)).toEqual([1000, 5500]);
});

test("as many as seem to be needed by the sizes of the oldest are listed next, and at least four times as many", async () => {
  const metas = Array.from(
    { length: 6000 },
    (_, n): Meta => ({ [KEY.archivedAt]: 1 + n, [KEY.archiveBytes]: n < 1000 ? 30 : 10 }),
  );
  const asked: ObjectQuery[] = [];
  const ports = sharp(await portsWith(metas), asked);
  expect(await planOf(ports, { maxTotalBytes: 10_000 })).toHaveLength(5000);
  expect(asked.map(({ oldestArchivesLimit }) => oldestArchivesLimit).filter(Boolean)).toEqual([1000, 4000, 16_000]);
});

test("what another prune has done since the listing makes this one prune less, never more", async () => {
  const metas = Array.from({ length: 10 }, (_, n): Meta => ({ [KEY.archivedAt]: 1 + n, [KEY.archiveBytes]: 10 }));
  const ports = await portsWith(metas);
  const objects = {
    ...ports.objects,
    async *list(query?: ObjectQuery) {
      // Another one sets the tombstones that this one would, just before it looks.
      for (const id of query?.oldestArchivesLimit === undefined ? [] : ["s0", "s1", "s2"]) {
        const found = await ports.objects.get(id);
        if (found && !found.meta[KEY.prunedAt]) {
          await ports.objects.put(id, { ...found.meta, [KEY.prunedAt]: NOW }, found.version);
        }
      }
      yield* ports.objects.list(query);
    },
  };
  expect(await planOf({ ...ports, objects }, { maxTotalBytes: 70 })).toEqual([]);
});

test("by the time of archiving, all are listed, and that once", async () => {
  const metas = Array.from(
    { length: 5 },
    (_, n): Meta => ({
      [KEY.archivedAt]: NOW - n * DAY_MS,
      [KEY.lastActivity]: NOW - (20 - n) * DAY_MS,
      [KEY.archiveBytes]: 10,
    }),
  );
  const asked: ObjectQuery[] = [];
  const ports = sharp(await portsWith(metas), asked);
  const idle = { archived: false, lastActiveBefore: expect.any(Number) };
  expect(await planOf(ports, { maxTotalBytes: 30, by: "archived" })).toMatchObject([{ id: "s4" }, { id: "s3" }]);
  expect(asked.splice(0)).toEqual([idle, {}]);
  const reason = "archived too long ago";
  expect(await planOf(ports, { olderThanDays: 3.5, by: "archived" })).toMatchObject([{ id: "s4", reason }]);
  expect(asked.splice(0)).toEqual([idle, {}]);
  expect(await planOf(ports, { maxTotalBytes: 30, by: "activity" })).toMatchObject([{ id: "s0" }, { id: "s1" }]);
  const tooLong = { id: "s0", reason: "no activity for too long" };
  expect(await planOf(ports, { olderThanDays: 19.5 })).toMatchObject([tooLong]);
  asked.splice(0);
  expect(await planOf(ports, { by: "archived" })).toEqual([]);
  expect(asked).toEqual([idle, { prunedBefore: NOW - 7 * DAY_MS }]);
});

test("an unknown order is refused", async () => {
  const ports = await portsWith([]);
  await expect(planOf(ports, { by: "size" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});
