/** Opens the SQLite store on a `better-sqlite3` handle with the settings that the adapter uses for its own files. */
import { openSqlite, type SqliteStore, type Synchronous } from "@session-archiver/adapter-sqlite";
import BetterSqlite3 from "better-sqlite3";

const PAGE_BYTES = 4096;
const CHECKPOINT_BYTES = 4 * 1024 * 1024;

export async function openBetterSqlite(file: string, synchronous: Synchronous): Promise<SqliteStore> {
  const db = new BetterSqlite3(file);
  db.exec(`
    PRAGMA page_size = ${PAGE_BYTES}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;
    PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_BYTES / PAGE_BYTES}`);
  const store = await openSqlite(db, { synchronous });
  return {
    ...store,
    async close() {
      await store.close();
      db.close();
    },
  };
}
