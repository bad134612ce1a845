/** What opening makes, and what it refuses. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { nothing } from "@session-archiver/test-kit/bytes";
import { expect, onTestFinished, test } from "vitest";
import { Database } from "../../src/database.js";
import { openPostgres, SCHEMA_VERSION } from "../../src/index.js";
import { MIGRATIONS } from "../../src/migrations.js";
import { requireTables } from "../../src/schema.js";
import { tablesOf } from "../../src/tables.js";
import { newPool, newSchema, newStore, servers, withPostgres } from "../support/stores.js";
import { watched } from "../support/watched.js";

const NORMAL = { synchronous: "normal" } as const;

withPostgres("opening", () => {
  /** A pool with settings of its own, closed after the test. */
  const poolWith = (config: Parameters<typeof newPool>[1], url = servers.postgres) => {
    const pool = newPool(url, config);
    onTestFinished(() => pool.end());
    return pool;
  };
  /** A role that may log in and no more, deleted after the test. */
  const newRole = async () => {
    const admin = poolWith({});
    const role = newSchema();
    await admin.query(`CREATE ROLE ${role} LOGIN`);
    onTestFinished(async () => void (await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)));
    return { admin, role, pool: poolWith({}, servers.postgres?.replace("postgres@", `${role}@`)) };
  };

  test("a connection string has a pool of its own, which close ends", async () => {
    const schema = newSchema();
    const store = await openPostgres(servers.postgres ?? "", { ...NORMAL, schema, maxConnections: 2 });
    await store.objects.put("a", { n: 1 }, null);
    await store.close();
    await expect(store.objects.get("a")).rejects.toMatchObject({ code: "UNAVAILABLE", message: /closed/ });
    const again = await openPostgres(servers.postgres ?? "", { ...NORMAL, schema });
    expect(await again.objects.get("a")).toMatchObject({ meta: { n: 1 } });
    await again.close();
    await again[Symbol.asyncDispose]();
  });

  test("a host's pool stays open", async () => {
    const { store, pool } = await newStore();
    await store.close();
    expect((await pool.query("SELECT 1 AS n")).rows).toEqual([{ n: 1 }]);
  });

  test("without a schema the tables are where the search_path leads; stores of two prefixes share it", async () => {
    const { pool, schema } = await newStore();
    const host = poolWith({ options: `-c search_path=${schema}` });
    const [one, two] = await Promise.all(["sa_", "b_"].map((prefix) => openPostgres(host, { ...NORMAL, prefix })));
    await one?.objects.put("a", {}, null);
    expect(await two?.objects.get("a")).toBeUndefined();
    const { rows } = await pool.query("SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = $1", [schema]);
    expect(rows).toEqual([{ n: 18 }]);
  });

  test.each([
    ["a pool", "read committed", servers.postgres],
    ["a pool", "serializable", servers.postgres],
    ["PgBouncer", "read committed", servers.pgBouncer],
  ])("20 that open at once through %s make the tables once at %s", async (_, level, url) => {
    const schema = newSchema();
    const options = level === "serializable" ? { options: `-c default_transaction_isolation=${level}` } : {};
    const pool = poolWith({ max: 20, ...options }, url);
    const stores = await Promise.all(Array.from({ length: 20 }, () => openPostgres(pool, { ...NORMAL, schema })));
    await stores[7]?.objects.put("a", {}, null);
    expect(await stores[13]?.objects.get("a")).toBeDefined();
    const { rows } = await pool.query(`SELECT version FROM ${schema}.sa_meta`);
    expect(rows).toEqual([{ version: SCHEMA_VERSION }]);
  });

  test("tables of a newer version are refused, and not changed", async () => {
    const { pool, schema } = await newStore();
    await pool.query(`UPDATE ${schema}.sa_meta SET version = 99`);
    const refused = { code: "UNAVAILABLE", message: /has schema 99 and this package knows/ };
    await expect(openPostgres(pool, { ...NORMAL, schema })).rejects.toMatchObject(refused);
    expect((await pool.query(`SELECT version FROM ${schema}.sa_meta`)).rows).toEqual([{ version: 99 }]);
  });

  test("a role that may not make tables gets a word on what it lacks", async () => {
    const { pool, admin } = await newRole();
    const schema = newSchema();
    await admin.query(`CREATE SCHEMA ${schema}`);
    await admin.query(`GRANT USAGE ON SCHEMA ${schema} TO PUBLIC`);
    const refused = { code: "UNAVAILABLE", message: /may not make the tables.*GRANT CREATE ON SCHEMA/ };
    await expect(openPostgres(pool, { ...NORMAL, schema })).rejects.toMatchObject(refused);
    await expect(openPostgres(pool, { ...NORMAL, schema: newSchema() })).rejects.toMatchObject(refused);
  });

  test("a role with the README's rights alone can do all, in tables that another has made", async () => {
    const { admin, role, pool } = await newRole();
    const schema = newSchema();
    await (await openPostgres(admin, { ...NORMAL, schema })).close();
    const early = { code: "UNAVAILABLE", message: /lacks a right/ };
    await expect(openPostgres(pool, { ...NORMAL, schema })).rejects.toMatchObject(early);
    await admin.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
    await admin.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}`);
    const { objects, blobs, archives, collectOrphans } = await openPostgres(pool, { ...NORMAL, schema });
    await objects.delete("a", await objects.put("a", {}, null));
    const ref = await blobs.create({ id: "a", name: "output" }, "g", nothing());
    await blobs.delete(await blobs.append(ref, new Uint8Array(100_000)));
    await archives.put("k", nothing());
    await archives.delete("k");
    expect(await collectOrphans()).toEqual({ streams: 0 });
  });

  test("what is not there is not made, if that is not wanted", async () => {
    const pool = poolWith({});
    const schema = newSchema();
    const absent = { code: "NOT_FOUND", message: new RegExp(`no store in the schema "${schema}".*begin with "sa_"`) };
    for (const options of [{ readOnly: true }, { create: false }] as const) {
      await expect(openPostgres(pool, { ...NORMAL, schema, ...options })).rejects.toMatchObject(absent);
    }
    expect((await pool.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema])).rows).toEqual([]);
    await (await openPostgres(pool, { ...NORMAL, schema })).close();
    const store = await openPostgres(pool, { ...NORMAL, schema, create: false });
    await store.objects.put("a", { n: 1 }, null);
    expect(await store.objects.get("a")).toMatchObject({ meta: { n: 1 } });
  });

  test("a role that may only read opens a store read-only, on a server with read-only transactions, too", async () => {
    const { admin, role, pool } = await newRole();
    const { store, schema } = await newStore();
    const version = await store.objects.put("a", { n: 1 }, null);
    await store.blobs.create({ id: "a", name: "output" }, "g", nothing());
    await store.archives.put("k", nothing());
    await admin.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
    await admin.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role}`);
    await admin.query(`ALTER ROLE ${role} SET default_transaction_read_only = on`);
    const { objects, blobs, archives, collectOrphans } = await openPostgres(pool, { schema, readOnly: true });
    expect(await objects.get("a")).toMatchObject({ meta: { n: 1 } });
    const at = (await blobs.stat({ id: "a", name: "output" })) ?? expect.unreachable();
    expect(await archives.stat("k")).toMatchObject({ size: 0 });
    const refused = { code: "INVALID_ARGUMENT", message: /opened read-only/ };
    await expect(objects.delete("a", version)).rejects.toMatchObject(refused);
    await expect(blobs.append(at, new Uint8Array(1))).rejects.toMatchObject(refused);
    await expect(archives.delete("k")).rejects.toMatchObject(refused);
    await expect(collectOrphans()).rejects.toMatchObject(refused);
  });

  test("tables of an older version are not read as they are", async () => {
    const { pool, schema } = await newStore();
    const look = (orOlder: boolean) =>
      requireTables(new Database(pool), tablesOf("sa_", schema), { orOlder }, [...MIGRATIONS, () => ""]);
    const refused = { code: "UNAVAILABLE", message: /has schema 1, and this package reads 2.*Open it once to write/ };
    await expect(look(false)).rejects.toMatchObject(refused);
    await look(true);
  });

  test("a server that keeps less than is asked for is refused", async () => {
    // The server of these tests has no fsync.
    const refused = { code: "INVALID_ARGUMENT", message: /fsync is off.*synchronous: "normal"/ };
    await expect(openPostgres(poolWith({}), { schema: newSchema() })).rejects.toMatchObject(refused);
    const late = poolWith({ options: "-c synchronous_commit=off" });
    await expect(openPostgres(late)).rejects.toMatchObject({ message: /synchronous_commit is off/ });
  });

  test("a server that is too old is refused", async () => {
    const old = watched(poolWith({}), async (send, text) => {
      const { rows } = await send();
      if (!text.includes("server_version_num")) return { rows };
      return { rows: [{ ...(rows[0] as object), version: 120_022, version_name: "12.22" }] };
    });
    const refused = { code: "UNAVAILABLE", message: /is PostgreSQL 12\.22; this package needs 13/ };
    await expect(openPostgres(old, NORMAL)).rejects.toMatchObject(refused);
  });

  test("transactions that are read-only by default are refused", async () => {
    const pool = poolWith({ options: "-c default_transaction_read_only=on" });
    await expect(openPostgres(pool, NORMAL)).rejects.toMatchObject({ code: "UNAVAILABLE", message: /read-only here/ });
  });

  test.each([
    [/postgres$/, "nowhere", /database "nowhere" does not exist.*check user, password and database/],
    [/postgres@/, "stranger@", /role "stranger" does not exist.*check user/],
  ])("a wrong connection is UNAVAILABLE with advice: %s as %s", async (part, wrong, message) => {
    const pool = poolWith({}, servers.postgres?.replace(part, wrong));
    await expect(openPostgres(pool, NORMAL)).rejects.toMatchObject({ code: "UNAVAILABLE", message });
  });
});

test("a server that never answers is given up", { timeout: 20_000 }, async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  const opening = openPostgres(`postgres://postgres@127.0.0.1:${port}/postgres`, { connectTimeoutMs: 50 });
  await expect(opening).rejects.toMatchObject({ code: "UNAVAILABLE", message: /connection timeout/ });
});

test("a server that isn't there is UNAVAILABLE", async () => {
  const opening = openPostgres("postgres://postgres@127.0.0.1:1/postgres");
  await expect(opening).rejects.toMatchObject({ code: "UNAVAILABLE", message: /connection to PostgreSQL failed/ });
});
