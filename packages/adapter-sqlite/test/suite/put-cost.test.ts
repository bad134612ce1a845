/** A put does not write the index of archives, that of tombstones and the sum of bytes, if nothing changes in them. */
import { statSync } from "node:fs";
import type { Meta } from "@session-archiver/core";
import { KEY, sweepIndex } from "@session-archiver/core/adapter";
import { all } from "@session-archiver/test-kit/bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newStore, rowsOf, ways } from "../support/stores.js";

const PAGE = 4096;
const LOG_HEADER = 32;
const FRAME = 24 + PAGE;

const LIVE: Meta = { [KEY.lastActivity]: 1000, title: "a" };
const SETTLING: Meta = { ...LIVE, [KEY.archivedAt]: 2000, [KEY.settlingAt]: 2000, [KEY.archiveBytes]: 7 };
const ARCHIVED: Meta = { ...LIVE, [KEY.archivedAt]: 2000, [KEY.archiveBytes]: 7 };
const PRUNED: Meta = { ...LIVE, [KEY.archivedAt]: 2000, [KEY.archiveBytes]: 7, [KEY.prunedAt]: 3000 };

describe.each(ways)("through %s", (_, open) => {
  // The pages of the row and of the indexes of sweeps and of lists. SQLite 3.54 leaves out the latter where it stays.
  test.each<[string, Meta, Meta, number]>([
    ["another title", ARCHIVED, { ...ARCHIVED, title: "b" }, 3],
    ["a later activity", LIVE, { ...LIVE, [KEY.lastActivity]: 1001 }, 3],
    ["the end of archiving", SETTLING, ARCHIVED, 3],
    ["a later activity of an archive: its index, too", ARCHIVED, { ...ARCHIVED, [KEY.lastActivity]: 1001 }, 4],
    ["a tombstone: both indexes and the sum, too", ARCHIVED, PRUNED, 6],
  ])("a put writes the pages of what changes: %s", async (__, before, after, most) => {
    const { store, file } = await newStore(open);
    const version = await store.objects.put("a", before, null);
    expect(rowsOf(file, "PRAGMA page_size")).toEqual([{ page_size: PAGE }]);
    expect(rowsOf(file, "PRAGMA wal_checkpoint(TRUNCATE)")).toMatchObject([{ busy: 0 }]);
    await store.objects.put("a", after, version);
    const pages = (statSync(`${file}-wal`).size - LOG_HEADER) / FRAME;
    expect(pages).toBeLessThanOrEqual(most);
    expect(pages).toBeGreaterThanOrEqual(most - 1);
  });

  test("a put of another version changes nothing", async () => {
    const { store } = await newStore(open);
    const version = await store.objects.put("a", LIVE, null);
    await expect(store.objects.put("a", ARCHIVED, "other")).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(store.objects.put("b", ARCHIVED, version)).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await store.objects.get("a")).toMatchObject({ version, meta: LIVE });
    expect(await store.objects.get("b")).toBeUndefined();
  });
});

test("whatever was there before, the row and all indexes are those of the new object", async () => {
  const { store, file } = await newStore();
  const time = fc.constantFrom(undefined, 0, 1, 2, 2 ** 60, "text");
  const metas = fc
    .record({ last: time, archived: time, resumed: time, pruned: time, settling: time, bytes: time })
    .map(({ last, archived, resumed, pruned, settling, bytes }) =>
      JSON.parse(
        JSON.stringify({
          [KEY.lastActivity]: last,
          [KEY.archivedAt]: archived,
          [KEY.resumedAt]: resumed,
          [KEY.prunedAt]: pruned,
          [KEY.settlingAt]: settling,
          [KEY.archiveBytes]: bytes,
        }),
      ),
    );
  let version: string | null = null;
  await fc.assert(
    fc.asyncProperty(metas, async (meta: Meta) => {
      version = await store.objects.put("a", meta, version);
      const index = sweepIndex(meta);
      expect(
        rowsOf(
          file,
          `SELECT archived, CAST(last_activity AS REAL) AS l, CAST(kept_activity AS REAL) AS k, CAST(pruned_at AS REAL) AS p,
            CAST(stored_bytes AS REAL) AS b, (SELECT CAST(value AS REAL) FROM sa_meta WHERE key = 'stored_bytes') AS sum
            FROM sa_objects`,
        ),
      ).toEqual([
        {
          archived: Number(index.archived),
          l: index.lastActivityMs,
          k: index.keptActivityMs,
          p: index.prunedAtMs,
          b: index.archiveBytes,
          sum: index.archiveBytes,
        },
      ]);
      expect((await store.objects.get("a"))?.meta).toEqual(meta);
      expect(await all(store.objects.list({ archived: index.archived }))).toHaveLength(1);
    }),
    { numRuns: 60 },
  );
  expect(rowsOf(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
});
