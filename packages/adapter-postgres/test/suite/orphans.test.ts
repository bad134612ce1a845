/** Bytes that no name leads to: those of writers that died, and those of large blobs that were deleted. */
import { toBytes } from "@session-archiver/core";
import { bytesOf } from "@session-archiver/core/adapter";
import { firstDifference, inChunks, MIB, pattern } from "@session-archiver/test-kit/bytes";
import { expect, test } from "vitest";
import { openPostgres } from "../../src/index.js";
import { leftovers } from "../support/leftovers.js";
import { newStore, withPostgres } from "../support/stores.js";

const key = { id: "s", name: "output" };

withPostgres("orphans", () => {
  const open = async () => {
    const opened = await newStore();
    const { pool, schema } = opened;
    const count = async (table: string): Promise<number> => {
      return (await pool.query(`SELECT count(*)::int AS n FROM ${schema}.sa_${table}`)).rows[0].n;
    };
    const age = () => pool.query(`UPDATE ${schema}.sa_loose SET seen_at = seen_at - interval '11 minutes'`);
    return { ...opened, count, age };
  };

  test("a body under way is not collected while its writer gives signs of life, and is not visible", async () => {
    const { store, count } = await open();
    async function* body() {
      yield* inChunks(pattern(5 * MIB), MIB);
      expect(await count("loose")).toBe(1);
      expect(await store.collectOrphans()).toEqual({ streams: 0 });
      expect(await store.blobs.stat(key)).toBeUndefined();
      yield pattern(1);
    }
    expect((await store.blobs.create(key, "g", body())).size).toBe(5 * MIB + 1);
    expect(await count("loose")).toBe(0);
  });

  test("a writer that was taken for dead gives up, and its name stays free", async () => {
    const { store, count, age } = await open();
    async function* body() {
      yield* inChunks(pattern(5 * MIB), MIB);
      while ((await count("blob_chunks")) < 16) await new Promise((go) => setImmediate(go));
      await age();
      expect(await store.collectOrphans()).toEqual({ streams: 1 });
      yield* inChunks(pattern(5 * MIB), MIB);
    }
    const given = { code: "UNAVAILABLE", message: /given up for dead/ };
    await expect(store.blobs.create(key, "g", body())).rejects.toMatchObject(given);
    expect(await count("blob_chunks")).toBe(0);
    await store.blobs.create(key, "g", bytesOf(pattern(3)));
  });

  test("it gives up also if it was taken just before the statement that would have named it", async () => {
    const { store, count, age } = await open();
    async function* body() {
      yield* inChunks(pattern(3 * MIB), MIB);
      await age();
      await store.collectOrphans();
    }
    await expect(store.archives.put("k", body())).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await store.archives.stat("k")).toBeUndefined();
    expect(await count("archive_chunks")).toBe(0);
  });

  test.each([
    ["in the middle", 5],
    ["before its last statement", 0],
  ])("it gives up as soon as its bytes are marked, and adds none: %s", async (_, more) => {
    const { store, pool, schema, count } = await open();
    let stored = 0;
    async function* body() {
      yield* inChunks(pattern(3 * MIB), MIB);
      while ((await count("blob_chunks")) < 8) await new Promise((go) => setImmediate(go));
      // As a collector does first. Its deletes come later.
      await pool.query(`UPDATE ${schema}.sa_loose SET taken = true`);
      stored = await count("blob_chunks");
      yield* inChunks(pattern(more * MIB), MIB);
      await pool.query(`CREATE TABLE ${schema}.seen AS SELECT count(*)::int AS n FROM ${schema}.sa_blob_chunks`);
    }
    await expect(store.blobs.create(key, "g", body())).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: /given up/,
    });
    if (more === 0) expect((await pool.query(`SELECT n FROM ${schema}.seen`)).rows).toEqual([{ n: stored }]);
    expect(await store.blobs.stat(key)).toBeUndefined();
    expect(await leftovers(pool, schema, store)).toEqual([]);
  });

  test("a collector waits for rows that are on their way, so none comes after it", async () => {
    const { store, pool, schema, age } = await open();
    const locks = async (type: string): Promise<number> => {
      const text =
        "SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND locktype = $1 AND pid <> pg_backend_pid()";
      return (await pool.query(text, [type])).rows[0].n;
    };
    const gate = await pool.connect();
    let collecting: Promise<unknown> = Promise.resolve();
    async function* body() {
      yield* inChunks(pattern(MIB), MIB);
      // Rows of the next statement stop here, when it has its share of the note.
      await pool.query(`CREATE FUNCTION ${schema}.wait() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END $$;
        CREATE TRIGGER wait BEFORE INSERT ON ${schema}.sa_blob_chunks FOR EACH ROW EXECUTE FUNCTION ${schema}.wait()`);
      await age();
      await gate.query("SELECT pg_advisory_lock(4711)");
      yield* inChunks(pattern(MIB), MIB);
      while ((await locks("advisory")) === 0) await new Promise((go) => setImmediate(go));
      let isDone = false;
      collecting = store.collectOrphans().then(() => {
        isDone = true;
      });
      while (!isDone && (await locks("transactionid")) === 0) await new Promise((go) => setImmediate(go));
      await gate.query("SELECT pg_advisory_unlock(4711)");
      await collecting;
      yield* inChunks(pattern(MIB), MIB);
    }
    await expect(store.blobs.create(key, "g", body())).rejects.toMatchObject({ code: "UNAVAILABLE" });
    gate.release();
    expect(await leftovers(pool, schema, store)).toEqual([]);
  });

  test("opening deletes what a dead writer has left, and a large rest by and by", async () => {
    const { pool, schema, count } = await open();
    await pool.query(
      `INSERT INTO ${schema}.sa_loose VALUES ('00000000-0000-7000-8000-000000000001', true, false, now() - interval '1 day')`,
    );
    await pool.query(`INSERT INTO ${schema}.sa_archive_chunks
      SELECT '00000000-0000-7000-8000-000000000001', n, 'x' FROM generate_series(1, 2000) n`);
    const store = await openPostgres(pool, { schema, synchronous: "normal" });
    expect(await count("archive_chunks")).toBe(2000 - 4 * 256);
    expect(await store.collectOrphans()).toEqual({ streams: 1 });
    expect(await count("archive_chunks")).toBe(0);
    expect(await count("loose")).toBe(0);
  });

  test("a large blob and a large archive lose their names at once, and then their bytes", async () => {
    const { store, pool, schema } = await open();
    const size = 66 * MIB;
    async function* body() {
      const part = pattern(MIB);
      for (let n = 0; n < size / MIB; n++) yield part;
    }
    const ref = await store.blobs.create(key, "g", body());
    await store.archives.put("k", body());
    await store.blobs.delete(ref);
    await store.archives.delete("k");
    expect(await store.blobs.stat(key)).toBeUndefined();
    expect(await leftovers(pool, schema, store)).toEqual([]);
  });

  test("a read under way when its blob is replaced ends with NOT_FOUND", async () => {
    const { store } = await open();
    const ref = await store.blobs.create(key, "g", inChunks(pattern(6 * MIB), MIB));
    const reading = store.blobs.read(ref)[Symbol.asyncIterator]();
    await reading.next();
    await store.blobs.delete(ref);
    await store.blobs.create(key, "g", inChunks(pattern(6 * MIB, 2), MIB));
    const rest = async () => {
      for (;;) if ((await reading.next()).done) return;
    };
    await expect(rest()).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(firstDifference(await toBytes(store.blobs.read(ref)), pattern(6 * MIB, 2))).toBeUndefined();
  });
});
