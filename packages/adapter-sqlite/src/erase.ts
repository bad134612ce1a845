/** Makes deleted data unreadable: in the database's free pages, and in its log. */
import { ArchiverError } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { numberOf } from "./driver.js";
import { pragma } from "./reclaim.js";

/**
 * A deleted row stays in the file until something else is written there. VACUUM writes the whole database anew, without
 * free pages; then the log is written back and emptied, since it holds older pages as well. Gives the database's new size
 * in bytes. `UNAVAILABLE` if other connections read or write for longer than the busy timeout: call it again later.
 */
export async function eraseDeleted(db: Database, call: Call): Promise<number> {
  const mode = await db.attempt(() => String(db.sql("PRAGMA journal_mode").get()?.["journal_mode"]), call);
  await db.attempt(() => db.exec("VACUUM"), call);
  if (mode === "wal") await db.attempt(() => emptyLog(db), call);
  if (mode === "persist") {
    // Its journal keeps the pages as they were until it is deleted, which another mode does.
    await db.attempt(() => db.exec("PRAGMA journal_mode = DELETE; PRAGMA journal_mode = PERSIST"), call);
  }
  return db.read(() => pragma(db, "page_size") * pragma(db, "page_count"), call);
}

/** SQLite reports in a row, and not by an error, that readers hold the log open. */
function emptyLog(db: Database): void {
  if (numberOf(db.sql("PRAGMA wal_checkpoint(TRUNCATE)").get(), "busy") === 0) return;
  throw Object.assign(new Error("The log is in use"), { code: "SQLITE_BUSY" });
}

/** How many writes of other connections are not finished. Their bytes are in the database, under no name yet. */
export function unfinishedIn(db: Database, loose: string, call: Call): Promise<number> {
  return db.read(() => numberOf(db.sql(`SELECT count(*) AS n FROM ${loose}`).get(), "n"), call);
}

export async function refuseErase(): Promise<never> {
  throw new ArchiverError("INVALID_ARGUMENT", "The store was opened read-only: nothing can be erased.");
}
