/** Opens a store on a file of its own, or inside a database that the host has open. */
import { zlibCodec } from "@session-archiver/codec-zlib";
import { hasCode } from "@session-archiver/core/adapter";
import { Database } from "./database.js";
import { driverOf, type SqliteHandle } from "./driver.js";
import { eraseDeleted, unfinishedIn } from "./erase.js";
import { fileOf } from "./failure.js";
import { openReadOnly } from "./open-read-only.js";
import { checkOptions, type Settings, type SqliteOptions } from "./options.js";
import { configure, openFile } from "./own-file.js";
import { portsIn } from "./ports-in.js";
import { returnFreePages } from "./reclaim.js";
import { migrate } from "./schema.js";
import type { SqliteStore } from "./store.js";
import { tablesOf } from "./tables.js";

/**
 * Opens the store, and creates its tables if they are missing.
 *
 * `target`: the path of a database file, opened with `node:sqlite`; or an open handle of `node:sqlite` or
 * `better-sqlite3`, whose settings and other tables are left as they are.
 *
 * Rejects with `INVALID_ARGUMENT` for bad options, `CORRUPT` if the file is no database, `QUOTA` if the disk is full,
 * `UNAVAILABLE` if it can't be opened, stays locked, or was made by a newer version. With `readOnly`: `NOT_FOUND` if there is
 * no such file or no store in it, `UNAVAILABLE` also if a log beside it holds changes that can't be applied without writing.
 */
export async function openSqlite(target: string | SqliteHandle, options: SqliteOptions = {}): Promise<SqliteStore> {
  const settings = checkOptions(target, options);
  if (options.readOnly) return openReadOnly(target, settings);
  if (typeof target !== "string") return openStore(target, settings, fileOf(target), undefined);
  const own = await openFile(target);
  try {
    return await openStore(own, settings, target, own);
  } catch (error) {
    own.close();
    throw error;
  }
}

/** `own`: the handle again if this package opened it, to configure and close it. */
async function openStore(
  handle: SqliteHandle,
  settings: Settings,
  file: string | undefined,
  own: { close(): void } | undefined,
): Promise<SqliteStore> {
  const tables = tablesOf(settings.prefix);
  const db = new Database(driverOf(handle), settings.synchronous, settings.busyTimeoutMs, { file });
  if (own) await configure(db, tables, settings);
  await migrate(db, tables);

  const { ports, pending } = portsIn(db, tables, settings);
  await ifFree(() => pending.collectOrphans());

  const close = async (): Promise<void> => {
    if (db.close(() => pending.disownAll())) own?.close();
  };
  return {
    ...ports,
    codec: zlibCodec(),
    async reclaim(op) {
      const call = { signal: op?.signal };
      await pending.collectOrphans(call);
      // TRUNCATE waits for readers for the connection's busy timeout, which a host may have set to a long time.
      return { freedBytes: await returnFreePages(db, own ? "TRUNCATE" : "PASSIVE", call) };
    },
    async erase(op) {
      const call = { signal: op?.signal };
      await pending.collectOrphans(call);
      const unfinished = await unfinishedIn(db, tables.loose, call);
      return { rewrittenBytes: await eraseDeleted(db, call), unfinished };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The remains of crashes, and what makes lists faster, can wait. They must not keep the store from opening. */
async function ifFree(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!hasCode(error, "UNAVAILABLE", "QUOTA")) throw error;
  }
}
