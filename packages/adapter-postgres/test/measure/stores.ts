/** The stores that are measured side by side: a server with fsync, and SQLite in a file of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import type { Ports } from "@session-archiver/core";
import { startPostgres } from "@session-archiver/test-kit/servers";
import { Pool } from "pg";
import { openPostgres } from "../../src/index.js";
import { type Watched, watched } from "../support/watched.js";

export interface Measured {
  readonly pool: Pool;
  readonly host: Watched;
  /** New and empty. */
  postgres(): Promise<Ports>;
  sqlite(): Promise<Ports>;
  remove(): Promise<void>;
}

export async function startStores(): Promise<Measured> {
  const server = await startPostgres();
  const pool = new Pool({ connectionString: server.url, max: 10 });
  pool.on("error", () => {});
  const host = watched(pool);
  const folder = mkdtempSync(join(tmpdir(), "session-archiver-measure-"));
  let count = 0;
  return {
    pool,
    host,
    postgres: () => openPostgres(host, { schema: `m${++count}` }),
    sqlite: () => openSqlite(join(folder, `${++count}.db`)),
    async remove() {
      await pool.end();
      await server.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Seconds that it takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

export const median = (values: readonly number[]): number => {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
};
