/** Opens a store to read it, without any change. */
import { zlibCodec } from "@session-archiver/codec-zlib";
import { ArchiverError, readOnlyPorts } from "@session-archiver/core/adapter";
import { Database } from "./database.js";
import { driverOf, type SqliteHandle } from "./driver.js";
import { refuseErase } from "./erase.js";
import { fileOf } from "./failure.js";
import { MIGRATIONS } from "./migrations.js";
import type { Settings } from "./options.js";
import { BLOCKING_WAIT_MS } from "./own-file.js";
import { openFileReadOnly, type ReadOnlyFile } from "./own-file-read-only.js";
import { portsIn } from "./ports-in.js";
import { checkVersion } from "./schema.js";
import type { SqliteStore } from "./store.js";
import { tablesOf } from "./tables.js";

export async function openReadOnly(target: string | SqliteHandle, settings: Settings): Promise<SqliteStore> {
  if (typeof target !== "string") return openStore(target, settings, fileOf(target), undefined);
  const own = await openFileReadOnly(target);
  try {
    return await openStore(own.handle, settings, target, own);
  } catch (error) {
    own.close();
    throw error;
  }
}

async function openStore(
  handle: SqliteHandle,
  settings: Settings,
  file: string | undefined,
  own: ReadOnlyFile | undefined,
): Promise<SqliteStore> {
  const tables = tablesOf(settings.prefix);
  const db = new Database(driverOf(handle), settings.synchronous, settings.busyTimeoutMs, {
    file,
    afterRead: own?.afterRead,
  });
  if (own) {
    const waitMs = Math.min(settings.busyTimeoutMs, BLOCKING_WAIT_MS);
    await db.attempt(() => db.exec(`PRAGMA busy_timeout = ${waitMs}; PRAGMA temp_store = MEMORY`));
  }
  const version = await db.read(() => {
    const found = checkVersion(db, tables, MIGRATIONS);
    if (found > 0) return found;
    const message = `It holds no sessions: no tables whose names begin with "${settings.prefix}".`;
    throw new ArchiverError("NOT_FOUND", message);
  });
  const { ports } = portsIn(db, tables, settings, version);
  const close = async (): Promise<void> => {
    if (db.close()) own?.close();
  };
  return {
    ...readOnlyPorts(ports),
    codec: zlibCodec(),
    async reclaim() {
      throw new ArchiverError("INVALID_ARGUMENT", "The store was opened read-only: space can't be given back.");
    },
    erase: refuseErase,
    close,
    [Symbol.asyncDispose]: close,
  };
}
