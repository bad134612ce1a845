/** Gives the space of deleted rows back to the file system. */
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { numberOf } from "./driver.js";

/** Database bytes moved or cut off in one transaction: up to 10 ms if all are moved. */
const STEP_BYTES = 512 * 1024;
/**
 * The same where a step was so quick that it only cut off what was free at the file's end: most of its time goes into the transaction. More than
 * the 2 MB of SQLite's cache, as `node:sqlite` has it, would be written into the log, page by page.
 */
const LARGE_STEP_BYTES = 1024 * 1024;
const QUICK_MS = 1;
const INCREMENTAL = 2;

/**
 * Takes free pages off the file in small steps, then writes the write-ahead log back, which shortens the file. Gives the
 * bytes by which the database became smaller; 0 if it has no incremental vacuum.
 *
 * A step need not wait for the disk: it moves pages and changes no row, so what a power cut undoes is free space again, which
 * the next call gives back. The log keeps its order, so a step is never on the disk without what was committed before it,
 * and the flush of any later commit takes it along. The file itself is shortened by the checkpoint, which flushes the log first.
 */
export async function returnFreePages(db: Database, checkpoint: "PASSIVE" | "TRUNCATE", call: Call): Promise<number> {
  const { pageSize, mode } = await db.read(
    () => ({ pageSize: pragma(db, "page_size"), mode: pragma(db, "auto_vacuum") }),
    call,
  );
  let freedPages = 0;
  if (mode === INCREMENTAL) {
    let stepBytes = STEP_BYTES;
    for (let freed = -1; freed !== 0; freedPages += freed) {
      freed = await db.writeLate(() => {
        const before = pragma(db, "page_count");
        if (pragma(db, "freelist_count") === 0) return 0;
        const start = performance.now();
        db.exec(`PRAGMA incremental_vacuum(${Math.ceil(stepBytes / pageSize)})`);
        stepBytes = performance.now() - start < QUICK_MS ? LARGE_STEP_BYTES : STEP_BYTES;
        return before - pragma(db, "page_count");
      }, call);
    }
  }
  // Reports in its row, not by an error, if readers hold the log open; the next checkpoint then does the rest.
  await db.attempt(() => db.sql(`PRAGMA wal_checkpoint(${checkpoint})`).get(), call);
  return freedPages * pageSize;
}

export function pragma(db: Database, name: "page_size" | "page_count" | "freelist_count" | "auto_vacuum"): number {
  return numberOf(db.sql(`PRAGMA ${name}`).get(), name);
}
