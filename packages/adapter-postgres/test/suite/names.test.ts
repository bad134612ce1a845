/** Names as long as they may be, of characters that can't be compressed: an index on the names themselves would refuse them. */
import { bytesOf, toBytes } from "@session-archiver/core";
import type { NewestQuery, ObjectListing } from "@session-archiver/core/adapter";
import { all, pattern } from "@session-archiver/test-kit/bytes";
import { expect, test } from "vitest";
import { newStore, withPostgres } from "../support/stores.js";

/** 1,024 characters of 3 bytes each, all by chance; `ending` for two that differ in nothing else. */
function longName(seed: number, ending = ""): string {
  const units = new Uint16Array(pattern(2048, seed).slice().buffer);
  return String.fromCharCode(...[...units].map((unit) => 0x4e00 + (unit % 20_000))).slice(ending.length) + ending;
}

async function* none(): AsyncGenerator<ObjectListing> {}

withPostgres("long names of varied characters", () => {
  test("ids are stored, listed by prefix and in the order of lists, and don't pass for one another", async () => {
    const { objects } = (await newStore()).store;
    const ids = [1, 2, 3].flatMap((seed) => ["a", "b", "c"].map((ending) => longName(seed, ending)));
    for (const [n, id] of ids.entries()) await objects.put(id, { n }, null);
    for (const [n, id] of ids.entries()) expect(await objects.get(id)).toMatchObject({ id, meta: { n } });
    expect((await all(objects.list())).map(({ id }) => id).sort()).toEqual([...ids].sort());
    const prefix = longName(2, "a").slice(0, 1000);
    expect((await all(objects.list({ prefix }))).map(({ id }) => id)).toEqual(ids.slice(3, 6));
    const newest = async (query: NewestQuery) => (await all(objects.listNewest?.(query) ?? none())).map(({ id }) => id);
    expect(await newest({ prefix })).toEqual(ids.slice(3, 6));
    const after = { id: ids[4] ?? "", lastActivityMs: null };
    expect(await newest({ prefix, after })).toEqual([ids[5]]);
  });

  test("blob names, generations and keys of archives", async () => {
    const { blobs, archives } = (await newStore()).store;
    const id = longName(4);
    const [one, two] = [longName(5, "1"), longName(5, "2")];
    const ref = await blobs.create({ id, name: one }, longName(6), bytesOf(pattern(10)));
    await blobs.create({ id, name: two }, "g", bytesOf(pattern(20)));
    expect(await blobs.stat({ id, name: one })).toEqual(ref);
    await expect(blobs.append({ ...ref, generation: longName(7) }, pattern(1))).rejects.toMatchObject({
      code: "CONFLICT",
    });
    expect(await toBytes(blobs.read(await blobs.append(ref, pattern(5))))).toHaveLength(15);
    expect((await all(blobs.list(id))).map(({ key }) => key.name).sort()).toEqual([one, two].sort());
    for (const [n, key] of [one, two].entries()) await archives.put(key, bytesOf(pattern(n)));
    expect((await all(archives.list(one.slice(0, 1020)))).map(({ key, size }) => [key, size])).toEqual([
      [one, 0],
      [two, 1],
    ]);
    await archives.delete(one);
    expect(await archives.stat(two)).toMatchObject({ size: 1 });
  });

  test("more keys with one beginning of over 1,000 bytes than a page holds are all listed, in order", async () => {
    const { store, pool, schema } = await newStore();
    const beginning = longName(8).slice(0, 400);
    await pool.query(
      `INSERT INTO ${schema}.sa_archives (k, key, size, created_at, stream)
       SELECT sha256(key), key, 0, 0, gen_random_uuid()
       FROM (SELECT $1::bytea || convert_to(to_char(n, 'FM0000'), 'UTF8') AS key FROM generate_series(1, 2500) n) keys`,
      [Buffer.from(beginning)],
    );
    const keys = (await all(store.archives.list(beginning))).map(({ key }) => key.slice(400));
    expect(keys).toEqual(Array.from({ length: 2500 }, (_, n) => String(n + 1).padStart(4, "0")));
  });
});
