/** The same store, opened in each of the ways, in a schema of its own on the server of these tests. */
import { PGlite } from "@electric-sql/pglite";
import { Pool, type PoolConfig } from "pg";
import { describe, inject, onTestFinished } from "vitest";
import { openPostgres, type PostgresOptions, type PostgresStore, type Queryable } from "../../src/index.js";

export const servers = inject("servers");

/** Tests that need the server; without one they skip, and say why. */
export const withPostgres = servers.missing === undefined ? describe : describe.skip;
if (servers.missing !== undefined) console.warn(`Skipped: ${servers.missing}.`);

let count = 0;
/** A schema that no other test has. */
export const newSchema = (): string =>
  `s${process.pid}_${process.env["VITEST_POOL_ID"] ?? ""}_${++count}_${Date.now()}`;

/** A host's own pool. */
export function newPool(url: string | undefined = servers.postgres, config: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString: url, max: 8, ...config });
  // Servers are killed here.
  pool.on("error", () => {});
  return pool;
}

/** A way to reach a database. */
export interface Way {
  readonly name: string;
  readonly missing: string | undefined;
  /** `end` waits for the statements that were sent. */
  connect(): { readonly host: Queryable; end(): Promise<unknown> };
}

/** The hosts are opened once for all: that takes longer than most tests do. */
function way(name: string, missing: string | undefined, open: () => Promise<Queryable>): Way {
  let opening: Promise<Queryable> | undefined;
  return {
    name,
    missing,
    connect() {
      const sent = new Set<Promise<unknown>>();
      const query: Queryable["query"] = (text, values) => {
        opening ??= open();
        const answer = opening.then((host) => host.query(text, values));
        sent.add(answer);
        const forget = () => void sent.delete(answer);
        answer.then(forget, forget);
        return answer;
      };
      return { host: { query }, end: () => Promise.allSettled(sent) };
    },
  };
}

const noPgBouncer = servers.pgBouncer === undefined ? "there is no PgBouncer on this machine" : undefined;

const noNpm = servers.fromNpm === undefined ? "npm has no PostgreSQL for this machine" : undefined;

export const ways: readonly Way[] = [
  way("a pool of pg", servers.missing, async () => newPool(servers.postgres)),
  way("PgBouncer in transaction mode", servers.missing ?? noPgBouncer, async () => newPool(servers.pgBouncer)),
  way("PGlite", undefined, () => PGlite.create()),
  way("PostgreSQL 18 from npm", noNpm, async () => newPool(servers.fromNpm)),
];

/** An open store in a new schema, and the pool that it is on; both are closed after the test. */
export async function newStore(
  options: PostgresOptions = {},
  pool: Pool = newPool(),
): Promise<{ readonly store: PostgresStore; readonly pool: Pool; readonly schema: string }> {
  const schema = options.schema ?? newSchema();
  const store = await openPostgres(pool, { synchronous: "normal", ...options, schema });
  onTestFinished(async () => {
    await store.close();
    await pool.end();
  });
  return { store, pool, schema };
}
