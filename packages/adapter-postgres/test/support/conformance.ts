import { cases as allCases, type Case, conformance, FEATURES } from "@session-archiver/conformance";
import { describe, test } from "vitest";
import { openPostgres, type PostgresStore } from "../../src/index.js";
import { newSchema, type Way } from "./stores.js";

const TABLES = ["objects", "own", "blobs", "archives", "blob_chunks", "archive_chunks", "loose", "claims"];

/** Runs the conformance suite on stores that are reached in this way. */
export function conforms({ name, missing, connect }: Way, cases: readonly Case[] = allCases): void {
  if (missing !== undefined) {
    describe.skip(`PostgreSQL through ${name}: ${missing}`, () => test("conformance", () => {}));
    return;
  }
  /** Emptied tables of earlier cases: to make new ones takes longer than most cases do. */
  const empty: string[] = [];
  const setup = async () => {
    const schema = empty.pop() ?? newSchema();
    const opened: { readonly store: PostgresStore; end(): Promise<unknown> }[] = [];
    const open = async () => {
      const { host, end } = connect();
      const store = await openPostgres(host, { schema, synchronous: "normal", onSkipped: () => {} });
      opened.push({ store, end });
      return { host, store };
    };
    const { host, store } = await open();
    const again = async () => (await open()).store;
    const damage = async (id: string) => {
      const text = `UPDATE ${schema}.sa_objects SET meta = substring(meta from 2), listing = NULL WHERE k = sha256($1::bytea)`;
      await host.query(text, [new TextEncoder().encode(id)]);
    };
    const close = async () => {
      // Closed stores send no more statements, and the ends wait for those that were sent: none comes after the deletes.
      for (const { store } of opened) await store.close();
      await Promise.all(opened.map(({ end }) => end()));
      const { host } = connect();
      for (const table of TABLES) await host.query(`DELETE FROM ${schema}.sa_${table}`, []);
      empty.push(schema);
    };
    return { ...store, close, reopen: again, peer: again, damage };
  };
  conformance({ describe, test }, `PostgreSQL through ${name}`, setup, { offers: FEATURES, cases });
}
