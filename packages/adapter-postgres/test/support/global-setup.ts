/** One server, and a pooler before it, for all test files of this package. */
import { startPgBouncer, startPostgres, whyNoPostgres } from "@session-archiver/test-kit/servers";
import type { TestProject } from "vitest/node";

/** Where they are, or why they are not. */
export interface Servers {
  readonly postgres: string | undefined;
  readonly pgBouncer: string | undefined;
  readonly missing: string | undefined;
}

declare module "vitest" {
  interface ProvidedContext {
    servers: Servers;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = whyNoPostgres();
  if (missing !== undefined) {
    project.provide("servers", { postgres: undefined, pgBouncer: undefined, missing });
    return undefined;
  }
  // What is tested with a server that crashes has servers of its own.
  const server = await startPostgres(["fsync=off"]);
  const bouncer = await startPgBouncer(server.port);
  project.provide("servers", { postgres: server.url, pgBouncer: bouncer?.url, missing: undefined });
  return async () => {
    await bouncer?.remove();
    await server.remove();
  };
}
