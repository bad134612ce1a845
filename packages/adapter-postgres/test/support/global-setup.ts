/**
 * One server, and a pooler before it, for all test files of this package; and PostgreSQL 18 from npm for one of them, or, with
 * `SESSION_ARCHIVER_POSTGRES=npm`, for all but those that have servers of their own.
 */
import { postgresFromNpm, startPgBouncer, startPostgres, whyNoPostgres } from "@session-archiver/test-kit/servers";
import type { TestProject } from "vitest/node";

/** Where they are, or why they are not. */
export interface Servers {
  readonly postgres: string | undefined;
  readonly pgBouncer: string | undefined;
  readonly missing: string | undefined;
  readonly fromNpm: string | undefined;
}

declare module "vitest" {
  interface ProvidedContext {
    servers: Servers;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const npm = await postgresFromNpm();
  const isAll = process.env["SESSION_ARCHIVER_POSTGRES"] === "npm";
  if (isAll && !npm) throw new Error("There is no PostgreSQL from npm for this machine.");
  const missing = isAll ? undefined : whyNoPostgres();
  // What is tested with a server that crashes has servers of its own.
  const settings = ["fsync=off"];
  const [server, fromNpm] = await Promise.all([
    missing === undefined ? startPostgres(settings, isAll ? npm : undefined) : undefined,
    npm && !isAll ? startPostgres(settings, npm) : undefined,
  ]);
  const bouncer = server && (await startPgBouncer(server.port));
  const fromNpmUrl = isAll ? server?.url : fromNpm?.url;
  project.provide("servers", { postgres: server?.url, pgBouncer: bouncer?.url, missing, fromNpm: fromNpmUrl });
  return async () => {
    await bouncer?.remove();
    await server?.remove();
    await fromNpm?.remove();
  };
}
