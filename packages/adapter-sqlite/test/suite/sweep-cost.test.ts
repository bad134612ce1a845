/** The cost of a sweep depends on what it archives and prunes, not on the number of idle or archived sessions. */
import { bytesOf, createArchiver } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { all } from "@session-archiver/test-kit/bytes";
import { expect, test } from "vitest";
import { newStore, tamper } from "../support/stores.js";

const FEW = 1000;
const MANY = 50_000;
const STORED_BYTES = 5000;
const FILE = {
  name: "output",
  path: "ID.20260101t000000000z-0123456789abcdef.jsonl.gz",
  generation: "g",
  liveBytes: 1,
  bytes: 1,
  storedBytes: 1,
  crc32: 0,
  lines: 1,
};

/** Inserts archived sessions, as `put` would store them, archived one after the other. Every tenth one has a tombstone. */
function archivedObjects(number: number): string {
  const meta = (more: string): string =>
    `json_object('view', 'agent', '${KEY.archivedAt}', 1000 + n, '${KEY.archiveBytes}', ${STORED_BYTES},
      '${KEY.archiveFiles}', json(replace('[${JSON.stringify(FILE)}]', 'ID', printf('rest%07d', n)))${more})`;
  return `
    WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ${number - 1})
    INSERT INTO sa_objects (id, version, archived, last_activity, kept_activity, pruned_at, stored_bytes, meta)
    SELECT CAST(printf('rest%07d', n) AS BLOB), 'v' || n, 1, 1000,
      iif(n % 10, 1000 + n, NULL), iif(n % 10, NULL, 8e15), iif(n % 10, ${STORED_BYTES}, 0),
      iif(n % 10, ${meta("")}, ${meta(`, '${KEY.prunedAt}', 8e15`)}) FROM n`;
}

const storeWith = async (number: number) => {
  const { store, file } = await newStore();
  tamper(file, archivedObjects(number));
  return { store, keptBytes: number * 0.9 * STORED_BYTES };
};

test("a sweep of 10 sessions among 50,000 takes at most 3 times as long as among 1,000", {
  timeout: 180_000,
}, async () => {
  const stores = [await storeWith(FEW), await storeWith(MANY)] as const;
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < 5; round++) {
    for (const [which, { store, keptBytes }] of stores.entries()) {
      for (let n = 0; n < 10; n++) {
        const id = `idle-${round}-${n}`;
        await store.objects.put(id, { view: "agent", [KEY.lastActivity]: 1, [KEY.lineCount]: 1 }, null);
        await store.blobs.create({ id, name: "output" }, "live-1", bytesOf(new Uint8Array(20_000).fill(10)));
      }
      const archiver = createArchiver(store);
      const before = process.cpuUsage();
      // Within the cap in every other round, over it by one archive in the others.
      const over = round % 2 === 1;
      const maxTotalBytes = over ? ((await store.objects.archiveBytes?.()) ?? 0) - 1 : keptBytes * 2;
      const report = await archiver.sweep({ maxTotalBytes });
      const { user, system } = process.cpuUsage(before);
      times[which === 0 ? 0 : 1].push(user + system);
      expect(report).toMatchObject({ archivedCount: 10, failedCount: 0 });
      expect(report.prunedCount > 0).toBe(over);
    }
  }
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[2] ?? Number.NaN;
  expect(median(times[1]) / median(times[0])).toBeLessThan(3);
});

test("the oldest archives and the due tombstones are found among many, and the sum is right", async () => {
  const { store, keptBytes } = await storeWith(MANY);
  expect(await store.objects.archiveBytes?.()).toBe(keptBytes);
  const oldest = await all(store.objects.list({ oldestArchivesLimit: 100 }));
  expect(oldest.map(({ meta }) => meta[KEY.archivedAt])).toEqual(
    Array.from({ length: 112 }, (_, n) => n)
      .filter((n) => n % 10 > 0)
      .slice(0, 100)
      .map((n) => 1000 + n),
  );
  expect(await all(store.objects.list({ prunedBefore: 7e15 }))).toEqual([]);
  expect(await all(store.objects.list({ prunedBefore: 8e15 }))).toHaveLength(MANY / 10);
  // More than the index is used for.
  expect(await all(store.objects.list({ oldestArchivesLimit: 30_000 }))).toHaveLength(MANY * 0.9);
});
