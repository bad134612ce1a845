/** Appends that come together share a statement, and otherwise don't affect each other. */
import { createArchiver, toBytes } from "@session-archiver/core";
import { nothing, pattern } from "@session-archiver/test-kit/bytes";
import { expect, onTestFinished, test } from "vitest";
import { openPostgres } from "../../src/index.js";
import { newPool, newSchema, newStore, withPostgres } from "../support/stores.js";
import { lost, outcomes, watched } from "../support/watched.js";

withPostgres("group commit", () => {
  const open = async (onQuery?: Parameters<typeof watched>[1]) => {
    const pool = newPool();
    const host = watched(pool, onQuery);
    const schema = newSchema();
    const store = await openPostgres(host, { schema, synchronous: "normal" });
    onTestFinished(() => pool.end());
    const blobs = await Promise.all(
      Array.from({ length: 100 }, (_, n) => store.blobs.create({ id: `s${n}`, name: "output" }, "g", nothing())),
    );
    host.taken();
    return { store, host, blobs, pool, schema };
  };

  test("100 appends of 500 bytes that come together take one statement", async () => {
    const { store, host, blobs } = await open();
    const refs = await Promise.all(blobs.map((at, n) => store.blobs.append(at, pattern(500, n))));
    expect(host.taken()).toHaveLength(1);
    for (const [n, ref] of refs.entries()) expect(await toBytes(store.blobs.read(ref))).toEqual(pattern(500, n));
  });

  test("100 recorders that go on append 100 lines each with at most 1.1 statements for 20 appends", async () => {
    const { store, host } = await open();
    const archiver = createArchiver(store);
    const recorders = Array.from({ length: 100 }, (_, n) => archiver.recorder(`r${n}`, { create: {} }));
    await Promise.all(recorders.map((recorder) => recorder.append("first\n")));
    host.taken();
    const line = `${"x".repeat(499)}\n`;
    await Promise.all(
      recorders.map(async (recorder) => {
        for (let n = 0; n < 100; n++) await recorder.append(line);
      }),
    );
    const statements = host.taken().filter((text) => /INSERT|UPDATE/.test(text));
    expect(statements.length).toBeLessThanOrEqual((100 * 100 * 1.1) / 20);
    for (const recorder of recorders) await recorder.close();
    const read = await toBytes(archiver.read("r42"));
    expect(new TextDecoder().decode(read)).toBe(`first\n${line.repeat(100)}`);
  });

  test("one that conflicts is the only one to fail; two of one blob don't share a statement", async () => {
    const { store, blobs, pool, schema } = await open();
    const [a, b, c] = blobs;
    if (!a || !b || !c) throw new Error("There are 100.");
    const grown = await store.blobs.append(a, pattern(10));
    const calls = [
      store.blobs.append(a, pattern(5)),
      store.blobs.append(b, pattern(5)),
      store.blobs.append(grown, pattern(7)),
      store.blobs.append({ ...c, key: { ...c.key, name: "gone" } }, pattern(5)),
      store.blobs.append({ ...grown, size: 17 }, pattern(9)),
    ];
    expect(await outcomes(calls)).toEqual(["CONFLICT", "done", "done", "NOT_FOUND", "done"]);
    expect(await store.blobs.stat(a.key)).toMatchObject({ size: 26 });
    // In rows of their own: in one statement, the second would have been left out, and folded.
    const { rows } = await pool.query(`SELECT end_at::int FROM ${schema}.sa_blob_chunks ORDER BY end_at`);
    expect(rows.map(({ end_at }) => end_at)).toEqual([5, 10, 17, 26]);
    expect(await store.blobs.stat(b.key)).toMatchObject({ size: 5 });
  });

  test("what the server refuses is refused alone, and has changed nothing", async () => {
    const { store, pool, schema } = await newStore();
    const refs = await Promise.all(
      ["a", "b", "c"].map((id) => store.blobs.create({ id, name: "output" }, "g", nothing())),
    );
    await pool.query(`
      CREATE FUNCTION ${schema}.full() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF octet_length(NEW.bytes) = 13 THEN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON ${schema}.sa_blob_chunks FOR EACH ROW EXECUTE FUNCTION ${schema}.full()`);
    const calls = refs.map((ref, n) => store.blobs.append(ref, pattern(12 + n)));
    expect(await outcomes(calls)).toEqual(["done", "QUOTA", "done"]);
    await expect(calls[1]).rejects.toMatchObject({ id: "b", key: "output", message: /disk is full.*no space left/ });
    expect(await store.blobs.stat({ id: "b", name: "output" })).toMatchObject({ size: 0 });
    expect(await store.blobs.stat({ id: "c", name: "output" })).toMatchObject({ size: 14 });
  });

  test("a lost answer is UNAVAILABLE for each, and a look tells that it was stored", async () => {
    let isLosing = false;
    const { store, blobs } = await open(async (send) => {
      const answer = await send();
      if (isLosing) throw lost();
      return answer;
    });
    isLosing = true;
    const calls = blobs.slice(0, 3).map((at) => store.blobs.append(at, pattern(8)));
    expect(await outcomes(calls)).toEqual(["UNAVAILABLE", "UNAVAILABLE", "UNAVAILABLE"]);
    isLosing = false;
    expect(await store.blobs.stat({ id: "s1", name: "output" })).toMatchObject({ size: 8 });
    await expect(calls[2]).rejects.toMatchObject({ id: "s2", key: "output" });
  });

  test("one that is aborted while it waits changes nothing, and others go on", async () => {
    const { store, blobs } = await open();
    const controller = new AbortController();
    const calls = blobs.slice(0, 3).map((at, n) => {
      return store.blobs.append(at, pattern(4), n === 1 ? { signal: controller.signal } : undefined);
    });
    controller.abort();
    expect(await outcomes(calls)).toEqual(["done", "ABORTED", "done"]);
    expect(await store.blobs.stat({ id: "s1", name: "output" })).toMatchObject({ size: 0 });
  });

  test("an append keeps the bytes that it was called with", async () => {
    const { store, blobs } = await open();
    const [at] = blobs;
    if (!at) throw new Error("There are 100.");
    const chunk = pattern(100);
    const appending = store.blobs.append(at, chunk);
    chunk.fill(0);
    expect(await toBytes(store.blobs.read(await appending))).toEqual(pattern(100));
  });
});
