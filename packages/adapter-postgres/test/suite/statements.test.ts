/** How many statements calls take, and that none leaves anything on its connection. */
import { createArchiver, toBytes } from "@session-archiver/core";
import { all, inChunks, MIB, nothing, pattern } from "@session-archiver/test-kit/bytes";
import { expect, onTestFinished, test } from "vitest";
import { openPostgres } from "../../src/index.js";
import { newPool, newSchema, withPostgres } from "../support/stores.js";
import { watched } from "../support/watched.js";

withPostgres("statements", () => {
  const open = async () => {
    const pool = newPool();
    onTestFinished(() => pool.end());
    const host = watched(pool);
    const schema = newSchema();
    const store = await openPostgres(host, { schema, synchronous: "normal" });
    host.taken();
    /** How many statements it takes. */
    const cost = async (work: () => Promise<unknown>): Promise<number> => {
      await work();
      return host.taken().length;
    };
    return { ...store, store, cost, pool, host, schema };
  };

  test("opening tables that are there takes 4", async () => {
    const { cost, host, schema } = await open();
    expect(await cost(() => openPostgres(host, { schema, synchronous: "normal" }))).toBe(4);
  });

  test("small calls take 1", async () => {
    const { objects, blobs, archives, cost } = await open();
    const key = { id: "a", name: "output" };
    let version = "";
    expect(await cost(async () => (version = await objects.put("a", {}, null)))).toBe(1);
    expect(await cost(async () => (version = await objects.put("a", { n: 1 }, version)))).toBe(1);
    expect(await cost(() => objects.get("a"))).toBe(1);
    let at = { key, generation: "g", size: 0 };
    expect(await cost(async () => (at = await blobs.create(key, "g", inChunks(pattern(MIB / 2), 1000))))).toBe(1);
    expect(await cost(async () => (at = await blobs.append(at, pattern(500))))).toBe(1);
    expect(await cost(async () => (at = await blobs.append(at, pattern(MIB))))).toBe(1);
    expect(await cost(() => toBytes(blobs.read(at, { start: 5, end: 200_000 })))).toBe(1);
    expect(await cost(() => blobs.delete(at))).toBe(1);
    expect(await cost(() => archives.put("k", inChunks(pattern(MIB / 2), 1000)))).toBe(1);
    expect(await cost(() => archives.stat("k"))).toBe(1);
    expect(await cost(() => archives.delete("k"))).toBe(1);
  });

  test("a long body takes 2 for each MiB, and 4 to read it", async () => {
    const { archives, cost } = await open();
    expect(await cost(() => archives.put("k", inChunks(pattern(20 * MIB), MIB)))).toBe(40);
    expect(await cost(() => toBytes(archives.read("k")))).toBe(80);
  });

  test("256 appends to one blob take 3 more, to fold their rows", async () => {
    const { blobs, cost, pool, schema } = await open();
    let at = await blobs.create({ id: "a", name: "output" }, "g", nothing());
    const append = async () => {
      for (let n = 0; n < 256; n++) at = await blobs.append(at, pattern(500));
    };
    expect((await cost(append)) - 1).toBeLessThanOrEqual(256 + 3);
    const { rows } = await pool.query(`SELECT count(*)::int AS n FROM ${schema}.sa_blob_chunks`);
    expect(rows[0].n).toBeLessThan(256 / 2);
  });

  test("an archived session takes 10 in a sweep", async () => {
    const { store, host } = await open();
    const archiver = createArchiver(store);
    for (let n = 0; n < 20; n++) {
      const recorder = archiver.recorder(`s${n}`, { create: {} });
      await recorder.append(`${"x".repeat(36_000)}\n`);
      await recorder.close();
    }
    // The first archive names the store, which several at once may try.
    await archiver.archive("s0");
    host.taken();
    const start = performance.now();
    await archiver.sweep({ inactiveDays: 0 });
    const statements = host.taken();
    const claims = statements.filter((text) => text.includes("sa_claims"));
    // And 6 for the lists, and what is known of the store.
    expect(statements.length - claims.length).toBeLessThanOrEqual(19 * 10 + 6);
    // One for 16 sessions, one at the end, and one a second at most.
    expect(claims.length).toBeLessThanOrEqual(2 + 1 + (performance.now() - start) / 1000);
    expect(await all(store.objects.list({ archived: false }))).toEqual([]);
  });

  test("no statement is named, sets anything, or opens a transaction", async () => {
    const { store, host } = await open();
    const archiver = createArchiver(store);
    const recorder = archiver.recorder("a", { create: {} });
    await recorder.append("line\n");
    await recorder.close();
    await archiver.sweep({ inactiveDays: 0 });
    await archiver.restore("a");
    await archiver.gc();
    const texts = host.taken();
    expect(texts.length).toBeGreaterThan(15);
    for (const text of texts) {
      expect(typeof text).toBe("string");
      expect(text).not.toMatch(
        /^\s*(BEGIN|START|COMMIT|ROLLBACK|SET|RESET|LISTEN|PREPARE|DECLARE|LOCK)\b|pg_advisory|set_config/i,
      );
    }
  });
});
