/** A pool of this package's own, for a connection string. */
import { ArchiverError } from "@session-archiver/core/adapter";
import type { Settings } from "./options.js";
import type { Queryable } from "./queryable.js";

export interface OwnPool extends Queryable {
  end(): Promise<void>;
}

/** `INVALID_ARGUMENT` if `pg` is not installed, or the text is no connection string. */
export async function openPool(
  connectionString: string,
  { maxConnections, connectTimeoutMs }: Pick<Settings, "maxConnections" | "connectTimeoutMs">,
): Promise<OwnPool> {
  const { default: pg } = await import("pg").catch((cause: unknown) => {
    const message = "To open a connection string, install the package pg; or hand over a pool of your own.";
    throw new ArchiverError("INVALID_ARGUMENT", message, { cause });
  });
  try {
    const pool = new pg.Pool({
      connectionString,
      max: maxConnections,
      // A server that is gone without a word is noticed at some time, not never.
      keepAlive: true,
      connectionTimeoutMillis: connectTimeoutMs,
      // A program that is otherwise done need not wait for idle connections.
      allowExitOnIdle: true,
    });
    // A connection that is lost while it is idle. The next call takes another one.
    pool.on("error", () => {});
    return pool as OwnPool;
  } catch (cause) {
    // Without the text, which may hold a password.
    throw new ArchiverError("INVALID_ARGUMENT", "This is not a connection string that pg understands.", { cause });
  }
}
