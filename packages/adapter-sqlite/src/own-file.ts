/** A database file that only this package opens, and may therefore configure. */
import { closeSync, openSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import type { Database } from "./database.js";
import { translate } from "./failure.js";
import { MIGRATIONS } from "./migrations.js";
import type { Settings } from "./options.js";
import { pragma } from "./reclaim.js";
import { checkVersion } from "./schema.js";
import type { Tables } from "./tables.js";

/** A session of 8 kB touches a dozen pages, far apart, and each is written as a whole (docs/adr/0042-sqlite-writes.md). */
const NEW_PAGE_SIZE = 4096;
/** SQLite's own wait for a lock blocks the event loop, so it is short; `Database.attempt` waits longer. */
export const BLOCKING_WAIT_MS = 10;
/** A checkpoint of 4 MiB takes some 10 ms; SQLite's default, 1,000 pages, would block for 60 to 120. */
const CHECKPOINT_BYTES = 4 * 1024 * 1024;

export async function openFile(path: string): Promise<DatabaseSync> {
  // Not at the top: Node 22 and 24 then warn that it is experimental, also if the host brings its own handle.
  const { DatabaseSync } = await import("node:sqlite");
  try {
    const file = fileToMake(path);
    if (file !== undefined) createPrivately(file);
    return new DatabaseSync(path);
  } catch (error) {
    throw translate(error, { file: path });
  }
}

/**
 * The file that SQLite makes if it is missing; `undefined` if it makes none. SQLite's own rules for URIs:
 * https://www.sqlite.org/uri.html.
 */
function fileToMake(path: string): string | undefined {
  if (path === ":memory:" || path === "") return undefined;
  const [, location, query = ""] = /^file:(?:\/\/(?:localhost)?(?=\/))?([^?#]*)(?:\?([^#]*))?/i.exec(path) ?? [];
  if (location === undefined) return path;
  const mode = new URLSearchParams(query).get("mode") ?? "rwc";
  if (mode !== "rwc" || location === "" || location === ":memory:") return undefined;
  try {
    const name = decodeURIComponent(location);
    return process.platform === "win32" ? name.replace(/^\/(?=[a-z]:)/i, "") : name;
  } catch {
    return undefined;
  }
}

/** Other users of the machine must not read people's sessions. SQLite gives the log the file's mode. */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch {
    // It exists already, or can't be made. SQLite then reports which.
  }
}

/** Settings of the connection, and of the file if it is new. */
export async function configure(db: Database, tables: Tables, settings: Settings): Promise<void> {
  db.exec(`PRAGMA busy_timeout = ${Math.min(settings.busyTimeoutMs, BLOCKING_WAIT_MS)}`);
  // First, so that a file that is no database, or is too new, is not changed.
  await db.read(() => checkVersion(db, tables, MIGRATIONS));
  await db.attempt(() => {
    if (pragma(db, "page_count") === 0) {
      db.exec(`PRAGMA page_size = ${NEW_PAGE_SIZE}; PRAGMA auto_vacuum = INCREMENTAL`);
    }
    db.exec("PRAGMA journal_mode = WAL");
    // For the few pages that undo a statement. Otherwise they go through a temporary file.
    db.exec("PRAGMA temp_store = MEMORY");
    db.exec(`PRAGMA synchronous = ${settings.synchronous}`);
    db.exec(`PRAGMA wal_autocheckpoint = ${Math.ceil(CHECKPOINT_BYTES / pragma(db, "page_size"))}`);
  });
}
