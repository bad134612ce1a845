/** Claims in the database. What they promise is in the conformance suite; this is what they cost and rest on. */
import { type ArchiverEvent, bytesOf, createArchiver } from "@session-archiver/core";
import { expect, onTestFinished, test } from "vitest";
import { openPostgres } from "../../src/index.js";
import { newPool, newSchema, newStore, servers, withPostgres } from "../support/stores.js";
import { watched } from "../support/watched.js";

const TTL_MS = 60_000;

withPostgres("claims", () => {
  test("they take one statement, and a commit that waits for no disk", async () => {
    const pool = newPool();
    onTestFinished(() => pool.end());
    const host = watched(pool);
    const schema = newSchema();
    const { objects } = await openPostgres(host, { schema, synchronous: "normal" });
    const ids = Array.from({ length: 256 }, (_, n) => `s${n}`);
    for (const id of ids) await objects.put(id, {}, null);
    host.taken();
    await objects.claim?.("a", { take: ids, release: ["x", "y"] }, TTL_MS);
    await objects.claim?.("a", { take: [], release: [] }, TTL_MS);
    expect(host.taken()).toHaveLength(2);
    const { rows } = await pool.query(
      `SELECT relpersistence FROM pg_class WHERE oid = '${schema}.sa_claims'::regclass`,
    );
    expect(rows).toEqual([{ relpersistence: "u" }]);
  });

  test("they end by the server's clock", async () => {
    const { store, pool, schema } = await newStore();
    const { claim, put } = store.objects;
    await put("s", {}, null);
    await claim?.("gone", { take: ["s"], release: [] }, TTL_MS);
    expect(await claim?.("other", { take: ["s"], release: [] }, TTL_MS)).toEqual({ objects: [], held: ["s"] });
    await pool.query(`UPDATE ${schema}.sa_claims SET until = clock_timestamp()`);
    expect(await claim?.("other", { take: ["s"], release: [] }, TTL_MS)).toMatchObject({ objects: [{ id: "s" }] });
  });

  test("a sign of life writes no row that was claimed lately", async () => {
    const { store, pool, schema } = await newStore();
    const { claim, put } = store.objects;
    const until = async () => (await pool.query(`SELECT until FROM ${schema}.sa_claims`)).rows;
    await put("s", {}, null);
    await claim?.("a", { take: ["s"], release: [] }, TTL_MS);
    const first = await until();
    await claim?.("a", { take: [], release: [] }, TTL_MS);
    expect(await until()).toEqual(first);
    await pool.query(`UPDATE ${schema}.sa_claims SET until = clock_timestamp() + interval '29 seconds'`);
    await claim?.("a", { take: [], release: [] }, TTL_MS);
    expect(Number((await until())[0].until) - Date.now()).toBeGreaterThan(50_000);
  });

  test("a role that may not write them sweeps all the same, with a word", async () => {
    const { store, pool: admin, schema } = await newStore();
    const role = newSchema();
    await admin.query(`CREATE ROLE ${role} LOGIN`);
    await admin.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
    await admin.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}`);
    await admin.query(`REVOKE ALL ON ${schema}.sa_claims FROM ${role}`);
    const pool = newPool(servers.postgres?.replace("postgres@", `${role}@`));
    onTestFinished(async () => {
      await pool.end();
      await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    });
    await createArchiver(store).import("s", bytesOf(new TextEncoder().encode("line\n")));
    const events: ArchiverEvent[] = [];
    const other = await openPostgres(pool, { schema, synchronous: "normal" });
    const archiver = createArchiver({ ...other, onEvent: (event) => void events.push(event) });
    expect(await archiver.sweep({ inactiveDays: 0 })).toMatchObject({ archivedCount: 1 });
    const warnings = events.filter(({ type }) => type === "warning");
    expect(warnings).toMatchObject([{ code: "UNAVAILABLE", message: /permission denied/ }]);
  });
});
