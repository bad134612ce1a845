/** A PostgreSQL server for the tests of a file. */
import { type PostgresServer, startPgBouncer, startPostgres, whyNoPostgres } from "@session-archiver/test-kit/servers";
import { Client } from "pg";
import { afterAll, beforeAll, describe } from "vitest";

const missing = whyNoPostgres();
if (missing !== undefined) console.warn(`Skipped: ${missing}.`);

/** Tests that need the server; without one they are skipped. */
export const withPostgres = missing === undefined ? describe : describe.skip;

export interface TestServer {
  url(): string;
  /** Through a pooler in transaction mode; `undefined` where there is none. */
  pooled(): string | undefined;
  /** A connection string of a schema that no other test has. */
  newStore(url?: string): string;
  /** The rows of a statement. */
  rows(text: string): Promise<readonly Record<string, unknown>[]>;
  /** For tests that kill it. */
  server(): PostgresServer;
}

/** Call it in the body of a `withPostgres`. `settings`: of the server. */
export function testServer(settings: () => Promise<readonly string[]> = async () => []): TestServer {
  let server: PostgresServer;
  let bouncer: Awaited<ReturnType<typeof startPgBouncer>>;
  let count = 0;
  beforeAll(async () => {
    server = await startPostgres(await settings());
    bouncer = await startPgBouncer(server.port);
  });
  afterAll(async () => {
    await bouncer?.remove();
    await server.remove();
  });
  return {
    url: () => server.url,
    pooled: () => bouncer?.url,
    newStore: (url = server.url) => `${url}?schema=s${++count}_${Date.now()}`,
    async rows(text) {
      const client = new Client({ connectionString: server.url });
      await client.connect();
      try {
        return (await client.query(text)).rows;
      } finally {
        await client.end();
      }
    },
    server: () => server,
  };
}
