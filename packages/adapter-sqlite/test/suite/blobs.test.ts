import { type BlobRef, toBytes } from "@session-archiver/core";
import { inChunks, MIB, nothing, pattern } from "@session-archiver/test-kit/bytes";
import { describe, expect, test } from "vitest";
import { openSqlite } from "../../src/index.js";
import { hashOf } from "../support/hash.js";
import { count, databaseFile, hosts, newStore, tamper, ways } from "../support/stores.js";

const key = { id: "s", name: "output" };
const CHUNKS = "SELECT count(*) FROM sa_chunks";

describe.each(ways)("through %s", (_, open) => {
  test("lines are folded into large rows as they are appended", async () => {
    const { store, file } = await newStore(open);
    const bytes = pattern(1_000_000);
    let ref = await store.blobs.create(key, "g", nothing());
    for (let at = 0; at < bytes.length; at += 4000) ref = await store.blobs.append(ref, bytes.slice(at, at + 4000));
    // 250 appends: large rows of 17 appends each, and at most 16 small rows.
    expect(count(file, CHUNKS)).toBeLessThanOrEqual(14 + 16);
    expect(await toBytes(store.blobs.read(ref))).toEqual(bytes);
    expect(await toBytes(store.blobs.read(ref, { start: 65_499, end: 140_103 }))).toEqual(
      bytes.subarray(65_499, 140_103),
    );
  });

  test("single bytes are folded, too", async () => {
    const { store, file } = await newStore(open, { synchronous: "normal" });
    const bytes = pattern(2500);
    let ref = await store.blobs.create(key, "g", nothing());
    for (const byte of bytes) ref = await store.blobs.append(ref, Uint8Array.of(byte));
    expect(count(file, CHUNKS)).toBeLessThan(2 + 1024);
    expect(await toBytes(store.blobs.read(ref))).toEqual(bytes);
  });

  test("full rows are read one by one, and small ones together", async () => {
    const { store } = await newStore(open, { synchronous: "normal" });
    const lengths = async (ref: BlobRef): Promise<number[]> => {
      const found: number[] = [];
      for await (const bytes of store.blobs.read(ref)) found.push(bytes.length);
      return found;
    };
    let ref = await store.blobs.create(key, "g", inChunks(pattern(MIB), MIB));
    expect(await lengths(ref)).toEqual(new Array(8).fill(MIB / 8));
    for (let n = 0; n < 20; n++) ref = await store.blobs.append(ref, Uint8Array.of(n));
    expect(await lengths(ref)).toEqual([...new Array(8).fill(MIB / 8), 20]);
  });

  test("values of many MiB go in and out whole", async () => {
    const { store } = await newStore(open);
    const bytes = pattern(9 * MIB + 1);
    const created = await store.blobs.create(key, "g", inChunks(bytes, bytes.length));
    const appended = await store.blobs.append(created, bytes);
    expect(appended.size).toBe(2 * bytes.length);
    expect(await hashOf(store.blobs.read(appended, { start: bytes.length }))).toBe(await hashOf(inChunks(bytes, MIB)));
    const text = "x".repeat(6 * MIB);
    await store.objects.put("large", { text }, null);
    expect((await store.objects.get("large"))?.meta).toEqual({ text });
  });

  test("offsets beyond 2^32 are exact", async () => {
    const { store, file } = await newStore(open);
    const far = 2 ** 33 + 5;
    const bytes = pattern(300_000);
    const small = await store.blobs.create(key, "g", inChunks(bytes, 70_000));
    // A blob of 8 GiB, of which only the end is stored.
    tamper(
      file,
      `UPDATE sa_chunks SET end_at = end_at + ${far};
        UPDATE sa_blobs SET size = size + ${far}, sealed = sealed + ${far}`,
    );
    const large: BlobRef = { ...small, size: small.size + far };
    expect(await store.blobs.stat(key)).toEqual(large);
    expect(await toBytes(store.blobs.read(large, { start: far }))).toEqual(bytes);
    expect(await toBytes(store.blobs.read(large, { start: far + 7, end: far + 9 }))).toEqual(bytes.slice(7, 9));
    const grown = await store.blobs.append(large, new Uint8Array([1, 2, 3]));
    expect(grown.size).toBe(large.size + 3);
    expect([...(await toBytes(store.blobs.read(grown, { start: large.size })))]).toEqual([1, 2, 3]);
  });

  test("missing bytes are CORRUPT, wherever they are, and never skipped", async () => {
    const { store, file } = await newStore(open);
    const ref = await store.blobs.create(key, "g", inChunks(pattern(3 * MIB), MIB));
    await store.archives.put("a", inChunks(pattern(3 * MIB), MIB));
    tamper(file, "DELETE FROM sa_chunks WHERE chunk % 24 = 12");
    await expect(toBytes(store.blobs.read(ref))).rejects.toMatchObject({ code: "CORRUPT", id: "s", key: "output" });
    await expect(toBytes(store.archives.read("a"))).rejects.toMatchObject({ code: "CORRUPT", key: "a" });
    tamper(file, "DELETE FROM sa_chunks WHERE chunk % 24 = 0");
    await expect(toBytes(store.blobs.read(ref, { start: 3 * MIB - 1 }))).rejects.toMatchObject({ code: "CORRUPT" });
  });

  test("a delete leaves no rows, however large the blob", async () => {
    const { store, file } = await newStore(open);
    for (const size of [0, 10, 40 * MIB]) {
      const ref = await store.blobs.create(key, "g", inChunks(pattern(size), MIB));
      await store.blobs.delete(ref);
    }
    await store.archives.put("a", inChunks(pattern(40 * MIB), MIB));
    await store.archives.delete("a");
    expect(count(file, CHUNKS)).toBe(0);
    expect(count(file, "SELECT count(*) FROM sa_loose")).toBe(0);
  });

  test("a body that isn't bytes is INVALID_ARGUMENT, and a failed body leaves no rows", async () => {
    const { store, file } = await newStore(open);
    const ref = await store.blobs.create(key, "g", nothing());
    await expect(store.blobs.append(ref, "text" as unknown as Uint8Array)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    const body = async function* (last: () => unknown) {
      yield* inChunks(pattern(5 * MIB), MIB);
      yield last() as Uint8Array;
    };
    await expect(
      store.archives.put(
        "a",
        body(() => "text"),
      ),
    ).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    const failure = new RangeError("the body's own");
    const fail = (): never => {
      throw failure;
    };
    await expect(store.archives.put("a", body(fail))).rejects.toBe(failure);
    expect(count(file, CHUNKS)).toBe(0);
    expect(count(file, "SELECT count(*) FROM sa_loose")).toBe(0);
  });
});

test.each(hosts)("a range read touches only the rows it needs (%s)", async (_, connect) => {
  const host = connect(databaseFile());
  let rows = 0;
  const counting = {
    exec: (sql: string) => host.exec(sql),
    prepare(sql: string) {
      const statement = host.prepare(sql);
      const iterate = statement.iterate.bind(statement) as (...values: unknown[]) => Iterable<unknown>;
      const counted = function* (...values: unknown[]): Iterable<unknown> {
        for (const row of iterate(...values)) {
          rows++;
          yield row;
        }
      };
      return Object.assign(statement, { iterate: counted });
    },
  };
  const { blobs } = await openSqlite(counting);
  const bytes = pattern(8 * MIB);
  const ref = await blobs.create(key, "g", inChunks(bytes, MIB));
  rows = 0;
  const start = 5 * MIB - 3;
  expect(await toBytes(blobs.read(ref, { start, end: start + 6 }))).toEqual(bytes.slice(start, start + 6));
  expect(rows).toBe(2);
  rows = 0;
  expect(await toBytes(blobs.read(ref, { start: 8 * MIB - 1 }))).toEqual(bytes.slice(-1));
  expect(rows).toBe(1);
  rows = 0;
  expect(await toBytes(blobs.read(ref, { start: 2 * MIB, end: 2 * MIB + 9 }))).toEqual(
    bytes.slice(2 * MIB, 2 * MIB + 9),
  );
  expect(rows).toBe(1);
  host.close();
});
