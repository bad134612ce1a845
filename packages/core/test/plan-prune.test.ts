/** Of a store that keeps a sum and finds the oldest archives, a prune asks less, and decides the same. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { KEY, sweepIndex } from "../src/adapter.js";
import {
  type Archiver,
  bytesOf,
  createArchiver,
  type Meta,
  memoryPorts,
  type ObjectQuery,
  type Ports,
} from "../src/index.js";
import { encode, NOW } from "./support.js";

const DAY_MS = 24 * 60 * 60 * 1000;

async function portsWith(metas: readonly Meta[]): Promise<Ports> {
  const ports = memoryPorts();
  for (const [n, meta] of metas.entries()) await ports.objects.put(`s${n}`, meta, null);
  return ports;
}

/** Gives no more than was asked for. */
function sharp({ objects, ...ports }: Ports, asked: ObjectQuery[] = []): Ports {
  return {
    ...ports,
    objects: {
      ...objects,
      async *list(query, op) {
        asked.push(query ?? {});
        const found = await Array.fromAsync(objects.list(query, op));
        const at = (meta: Meta): number => sweepIndex(meta).keptActivityMs ?? 0;
        if (query?.oldestArchivesLimit !== undefined) found.sort((a, b) => at(a.meta) - at(b.meta));
        yield* found.slice(0, query?.oldestArchivesLimit);
      },
    },
  };
}

function withoutSum({ objects, ...ports }: Ports): Ports {
  const { archiveBytes: _, ...rest } = objects;
  return { ...ports, objects: rest };
}

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

async function planOf(ports: Ports, options: object) {
  const archiver = createArchiver({ ...ports, now: () => NOW });
  const steps = await Array.fromAsync(archiver.plan(options));
  return steps.filter(({ action }) => action === "prune" || action === "purge");
}

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
    { numRuns: 300 },
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

test("an order that is none is refused", async () => {
  const ports = await portsWith([]);
  await expect(planOf(ports, { by: "size" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});

/** Sessions of one text, the last of them idle for the shortest time; those of `archived` have been archived, in this order. */
async function sessionsOfOneText(
  archived: readonly number[],
  ports: Ports,
): Promise<{ archiver: Archiver; stored: number }> {
  let now = NOW - 10 * DAY_MS;
  const archiver = createArchiver({ ...ports, now: () => now });
  for (let n = 0; n < 6; n++) {
    const activity = { [KEY.lastActivity]: NOW - (30 - n) * DAY_MS, [KEY.lineCount]: 1 };
    await archiver.create(`s${n}`, activity);
    await ports.blobs.create({ id: `s${n}`, name: "output" }, `live-${n}`, bytesOf(encode(TEXT)));
  }
  for (const n of archived) {
    await archiver.archive(`s${n}`);
    now += DAY_MS;
  }
  now = NOW;
  return { archiver, stored: await storedBytesOf(archiver) };
}

const TEXT = '{"n":"all of one text"}\n'.repeat(20);

async function storedBytesOf(archiver: Archiver): Promise<number> {
  for await (const { state, totalBytes } of archiver.list()) if (state === "archived") return totalBytes;
  return 0;
}

test("what a sweep archives first counts toward the cap: the plan names what the sweep then prunes", async () => {
  const kinds: readonly ((ports: Ports) => Ports)[] = [(ports) => ports, withoutSum, (ports) => sharp(ports)];
  for (const by of ["activity", "archived"] as const) {
    for (const archived of [[5], [0, 1], [4, 2], [5, 3, 1]]) {
      for (let kept = 0; kept <= 6; kept++) {
        for (const kind of kinds) {
          const ports = kind(memoryPorts());
          const { archiver, stored } = await sessionsOfOneText(archived, ports);
          const options = { by, maxTotalBytes: Math.round((kept + 0.5) * stored), tombstonesOnly: true };
          const planned = (await Array.fromAsync(archiver.plan(options))).filter(({ action }) => action === "prune");
          const report = await archiver.sweep(options);
          const pruned = (await Array.fromAsync(archiver.list())).filter(({ state }) => state === "pruned");
          expect(planned.map(({ id }) => id).sort()).toEqual(pruned.map(({ id }) => id).sort());
          expect(report.prunedCount).toBe(planned.length);
          expect(planned.length).toBe(Math.max(0, 6 - kept));
        }
      }
    }
  }
});

test("bytes to come are estimated by the archives that there are, or else are a fifth", async () => {
  const ports = memoryPorts();
  const { archiver } = await sessionsOfOneText([], ports);
  const estimates = async (): Promise<unknown[]> =>
    (await Array.fromAsync(archiver.plan())).map(
      (step) => "estimatedArchiveBytes" in step && step.estimatedArchiveBytes,
    );
  expect(await estimates()).toEqual(Array(6).fill(Math.round(TEXT.length / 5)));
  const { archiveBytes } = await archiver.archive("s3");
  expect(await estimates()).toEqual(Array(5).fill(archiveBytes));
});

test("a resumed session, which is in use until it is archived again, may go afterwards", async () => {
  const ports = memoryPorts();
  const { archiver } = await sessionsOfOneText([0], ports);
  const recorder = archiver.recorder("s0");
  await recorder.append("more\n");
  await recorder.close();
  const meta = { [KEY.lastActivity]: NOW - 40 * DAY_MS };
  await archiver.update("s0", (before) => ({ ...before, ...meta }));
  const { totalBytes } = await archiver.info("s0");
  const steps = await Array.fromAsync(archiver.plan({ maxTotalBytes: totalBytes * 5 }));
  const archive = steps.find((step) => step.action === "archive" && step.id === "s0");
  expect(archive).toMatchObject({ liveBytes: 5, estimatedArchiveBytes: expect.any(Number) });
  const added = archive && "estimatedArchiveBytes" in archive ? archive.estimatedArchiveBytes : 0;
  const prune = { archivedAt: null, archiveBytes: totalBytes - 5 + added };
  expect(steps.filter(({ action }) => action === "prune")).toMatchObject([{ id: "s0", ...prune }]);
  // It counts once.
  const total = steps.reduce(
    (sum, step) => sum + (step.action === "archive" ? step.archiveBytes + step.estimatedArchiveBytes : 0),
    0,
  );
  for (const kind of [ports, withoutSum(ports)]) {
    expect(await planOf(kind, { maxTotalBytes: total })).toEqual([]);
    expect(await planOf(kind, { maxTotalBytes: total - 1 })).toMatchObject([{ id: "s0" }]);
  }
});

test("without a limit, or without anything to archive, nothing more is asked of the store", async () => {
  const asked: ObjectQuery[] = [];
  const { archiver } = await sessionsOfOneText([0, 1, 2, 3, 4, 5], sharp(memoryPorts(), asked));
  asked.splice(0);
  await Array.fromAsync(archiver.plan());
  expect(asked.splice(0)).toEqual([
    { archived: false, lastActiveBefore: expect.any(Number) },
    { prunedBefore: NOW - 7 * DAY_MS },
  ]);
});

test("what is to be archived is pruned before no older archive, also if the store has too many to list at once", async () => {
  const archives = Array.from(
    { length: 1500 },
    (_, n): Meta => ({
      [KEY.archivedAt]: 1 + n,
      [KEY.lastActivity]: 1 + n,
      [KEY.archiveBytes]: 10,
      [KEY.archivedRawBytes]: 50,
    }),
  );
  const idle = [1100, 1200].map((n): Meta => ({ view: "agent", [KEY.lastActivity]: n + 0.5, [KEY.lineCount]: 1 }));
  const ports = await portsWith([...archives, ...idle]);
  for (const id of ["s1500", "s1501"]) {
    await ports.blobs.create({ id, name: "output" }, "live-1", bytesOf(new Uint8Array(50)));
  }
  let listed = 0;
  const objects = {
    ...ports.objects,
    async *list(query?: ObjectQuery) {
      for await (const object of ports.objects.list(query)) {
        if (query?.oldestArchivesLimit === 200) listed++;
        yield object;
      }
    },
  };
  await planOf({ ...ports, objects }, {});
  expect(listed).toBe(200);
  for (const goes of [1000, 1001, 1101, 1102, 1202, 1203]) {
    const planned = await planOf(sharp(ports), { maxTotalBytes: 15_020 - goes * 10 });
    const all = [...Array(1100).keys(), 1500, ...Array.from({ length: 100 }, (_, n) => 1100 + n), 1501];
    const expected = [...all, ...Array.from({ length: 300 }, (_, n) => 1200 + n)].slice(0, goes);
    expect(planned.map(({ id }) => id)).toEqual(expected.map((n) => `s${n}`));
  }
});
