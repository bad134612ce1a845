/** What a sweep archives before it prunes counts toward the cap. */
import { expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import {
  type Archiver,
  bytesOf,
  createArchiver,
  type Meta,
  memoryPorts,
  type ObjectQuery,
  type Ports,
} from "../../../src/index.js";
import { encode, NOW } from "../../support.js";
import { DAY_MS, planOf, portsWith, sharp, withoutSum } from "./support.js";

const TEXT = '{"n":"all of one text"}\n'.repeat(20);

async function storedBytesOf(archiver: Archiver): Promise<number> {
  for await (const { state, totalBytes } of archiver.list()) if (state === "archived") return totalBytes;
  return 0;
}

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

test("what a sweep archives first counts toward the cap: the plan names what the sweep then prunes", async () => {
  const kinds: readonly ((ports: Ports) => Ports)[] = [(ports) => ports, withoutSum, (ports) => sharp(ports)];
  for (const by of ["activity", "archived"] as const) {
    for (const archived of [[5], [4, 2], [5, 3, 1]]) {
      for (const kept of [0, 3, 6]) {
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

test("a session to be archived is pruned after every older archive, also if the store has too many to list at once", async () => {
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
