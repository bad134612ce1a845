/** Rows that another program has changed are CORRUPT, and don't keep others from being listed. */
import { toBytes } from "@session-archiver/core";
import { bytesOf } from "@session-archiver/core/adapter";
import { all, inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { expect, test } from "vitest";
import { newStore, withPostgres } from "../support/stores.js";

withPostgres("damage", () => {
  test.each([
    ["metadata that is no JSON", "meta = '\\x7b'"],
    ["metadata that is not UTF-8", "meta = '\\xff'"],
    ["an id that is not UTF-8", "id = '\\xff', k = sha256('\\xff')"],
    ["an id under another's hash", "id = '\\x62'"],
  ])("%s", async (_, damage) => {
    const skipped: Error[] = [];
    const { store, pool, schema } = await newStore({ onSkipped: (error) => skipped.push(error) });
    for (const id of ["a", "c"]) await store.objects.put(id, { "session:last_activity_ms": 5 }, null);
    await pool.query(`UPDATE ${schema}.sa_objects SET ${damage}, listing = NULL WHERE id = '\\x61'`);
    for (const query of [{}, { prefix: "c" }, { archived: false, lastActiveBefore: 7 }]) {
      expect((await all(store.objects.list(query))).map(({ id }) => id)).toEqual(["c"]);
    }
    expect(skipped).not.toEqual([]);
    for (const error of skipped) expect(error).toMatchObject({ code: "CORRUPT" });
  });

  test("damaged metadata can be taken out as it is stored", async () => {
    const { store, pool, schema } = await newStore();
    await store.objects.put("a", {}, null);
    await pool.query(`UPDATE ${schema}.sa_objects SET meta = '\\x7bff'`);
    await expect(store.objects.get("a")).rejects.toMatchObject({ code: "CORRUPT", id: "a" });
    let kept = "";
    await store.objects.takeDamaged?.("a", async (stored) => {
      kept = new TextDecoder().decode(stored);
    });
    expect(kept).toBe("\\x7bff");
    expect(await store.objects.get("a")).toBeUndefined();
  });

  test.each([
    ["blob_chunks", "DELETE FROM", "WHERE end_at = 524288"],
    ["blob_chunks", "UPDATE", "SET bytes = substring(bytes from 2) WHERE end_at = 524288"],
    ["archive_chunks", "DELETE FROM", "WHERE end_at = 524288"],
  ])("bytes of %s that are missing or short: %s %s", async (table, verb, rest) => {
    const { store, pool, schema } = await newStore();
    const bytes = pattern(MIB);
    const ref = await store.blobs.create({ id: "a", name: "output" }, "g", bytesOf(bytes));
    await store.archives.put("k", bytesOf(bytes));
    await pool.query(`${verb} ${schema}.sa_${table} ${rest}`);
    const read = (range?: { start: number; end: number }) =>
      toBytes(table === "blob_chunks" ? store.blobs.read(ref, range) : store.archives.read("k", range));
    await expect(read()).rejects.toMatchObject({
      code: "CORRUPT",
      message: /missing between offsets 262144 and 524288/,
    });
    expect(await read({ start: 600_000, end: 700_000 })).toEqual(bytes.slice(600_000, 700_000));
  });

  test("small rows that don't add up are not folded", async () => {
    const { store, pool, schema } = await newStore();
    const key = { id: "a", name: "output" };
    let at = await store.blobs.create(key, "g", inChunks(pattern(10), 10));
    for (let n = 0; n < 3; n++) at = await store.blobs.append(at, pattern(10));
    await pool.query(`DELETE FROM ${schema}.sa_blob_chunks WHERE end_at = 30`);
    await expect(store.blobs.append(at, pattern(100_000))).rejects.toMatchObject({ code: "CORRUPT", id: "a" });
    expect(await store.blobs.stat(key)).toEqual(at);
    const { rows } = await pool.query(`SELECT end_at::int FROM ${schema}.sa_blob_chunks ORDER BY end_at`);
    expect(rows.map(({ end_at }) => end_at)).toEqual([10, 20, 40]);
  });

  test("tables that were dropped under an open store are named", async () => {
    const { store, pool, schema } = await newStore();
    await pool.query(`DROP SCHEMA ${schema} CASCADE`);
    const gone = { code: "UNAVAILABLE", id: "a", message: /does not exist.*open the store again/ };
    await expect(store.objects.get("a")).rejects.toMatchObject(gone);
  });
});
