/** A store in a database of a PostgreSQL server. */
import { ArchiverError, hasCode, type Ports, toArchiverError } from "@session-archiver/core";
import type { Manner, Opened, StoreOpener } from "./opener.js";
import { shownUrl, splitUrl } from "./postgres-url.js";

export function postgresOpener(url: string): StoreOpener {
  const open = (manner: Manner): Promise<(Opened & Ports) | undefined> => openDatabase(url, manner);
  const isThere = async (): Promise<boolean> => {
    const store = await open({ onSkipped() {}, onNotice() {}, readOnly: true, creates: false });
    await store?.close();
    return store !== undefined;
  };
  return {
    openStore: open,
    openArchives: open,
    hasStore: isThere,
    hasArchives: isThere,
    // Only the server can say.
    lacksArchives: () => false,
  };
}

async function openDatabase(
  url: string,
  { onSkipped, readOnly, creates }: Manner,
): Promise<(Opened & Ports) | undefined> {
  const { openPostgres } = await import("@session-archiver/adapter-postgres");
  const {
    connection,
    options: { connect_timeout: seconds, ...options },
  } = splitUrl(url);
  try {
    const store = await openPostgres(connection, {
      ...(options as Parameters<typeof openPostgres>[1]), // the adapter checks them
      ...{ onSkipped, readOnly, create: creates },
      ...(seconds !== undefined && { connectTimeoutMs: Number(seconds) * 1000 }),
    });
    return {
      ...store,
      async reclaim(op) {
        await store.collectOrphans(op);
        return { freedBytes: 0 }; // the server's own business
      },
      async erase(op) {
        await store.collectOrphans(op);
        return { unfinished: 0, stays: DELETED_ROWS };
      },
    };
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return undefined;
    throw named(url, error);
  }
}

/** Which of two stores it was. The driver's own errors don't quote the connection string. */
function named(url: string, error: unknown): Error {
  const { code, message, cause } = toArchiverError(error) as ArchiverError;
  if (cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND") {
    return new ArchiverError("INVALID_ARGUMENT", NO_DRIVER, { cause });
  }
  return new ArchiverError(code, `"${shownUrl(url)}": ${message}`, { cause: error });
}

const DELETED_ROWS =
  "its server keeps deleted rows in its files until it writes over them, and in its log, replicas and backups. VACUUM FULL writes the tables anew; nobody can use them meanwhile.";

const NO_DRIVER =
  "PostgreSQL needs the package pg, which is not installed. Install it beside session-archiver: `npm install pg`, with -g if session-archiver was installed so; or `npx -p @session-archiver/cli -p pg session-archiver`.";
