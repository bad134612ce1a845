/**
 * A database file that is opened without a change to it or to the files beside it. In a writable folder, SQLite still makes
 * `-wal` and `-shm` for a database with a write-ahead log, and a connection that only reads leaves them behind: they are
 * removed at the end. In other folders the file is opened as immutable. That is correct only if there is no log to apply and
 * no process writes meanwhile: both are checked.
 */
import { accessSync, constants, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { ArchiverError } from "@session-archiver/core/adapter";
import { translate } from "./failure.js";

export interface ReadOnlyFile {
  readonly handle: DatabaseSync;
  /** To be called after each read. Throws `UNAVAILABLE` if its result may be wrong. */
  afterRead(): void;
  close(): void;
}

/** `NOT_FOUND` if there is no such file, `UNAVAILABLE` if it can't be read without a change. */
export async function openFileReadOnly(path: string): Promise<ReadOnlyFile> {
  if (path === ":memory:" || path.startsWith("file:")) {
    const message = `To be opened read-only a database needs the path of a file, not "${path}".`;
    throw new ArchiverError("INVALID_ARGUMENT", message);
  }
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) throw new ArchiverError("NOT_FOUND", "There is no database here.");
    if (!stats.isFile()) throw new ArchiverError("UNAVAILABLE", "This is not a file.");
    // Like SQLite, which follows links and looks for the log beside their target.
    const file = realpathSync(path);
    const canWrite = may(constants.W_OK, dirname(file)) && may(constants.W_OK, file);
    return await (canWrite ? openShared(file) : openImmutable(file));
  } catch (error) {
    throw translate(error, { file: path });
  }
}

function may(mode: number, path: string): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

async function connect(location: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import("node:sqlite");
  return new DatabaseSync(location, { readOnly: true });
}

async function openShared(file: string): Promise<ReadOnlyFile> {
  const besides = ["-wal", "-shm"].map((ending) => file + ending);
  const madeByUs = !besides.some(isThere);
  const handle = await connect(file);
  const { DatabaseSync } = await import("node:sqlite");
  return {
    handle,
    afterRead() {},
    close() {
      handle.close();
      if (!madeByUs || !besides.some(isThere) || sizeOf(`${file}-wal`) > 0) return;
      // Only SQLite knows whether another process has it open: a connection that may write removes them when it closes,
      // if it is the last. The log is empty, so there is nothing that it could write into the file.
      try {
        const last = openExisting(DatabaseSync, file);
        try {
          last.prepare("SELECT 1 FROM sqlite_master").get();
        } finally {
          last.close();
        }
      } catch {
        // They stay, as after a crash. The next connection that may write removes them.
      }
    },
  };
}

async function openImmutable(file: string): Promise<ReadOnlyFile> {
  const before = statSync(file);
  requireNoLog(file);
  const handle = await connectImmutable(file);
  return {
    handle,
    afterRead() {
      const now = statSync(file, { throwIfNoEntry: false });
      if (now && isSame(before, now) && sizeOf(`${file}-wal`) === 0) return;
      const message = "Somebody has written to it, which can't be followed from where it was opened. Open it again.";
      throw new ArchiverError("UNAVAILABLE", message);
    },
    close: () => handle.close(),
  };
}

/** Opens the file for writing. Doesn't make it again if it is gone. */
function openExisting(Database: typeof DatabaseSync, file: string): DatabaseSync {
  try {
    return new Database(`${pathToFileURL(file).href}?mode=rw`);
  } catch (error) {
    // Before Node 22.15, and in Deno without all permissions, a URI counts as a path.
    if (!isThere(file)) throw error;
    return new Database(file);
  }
}

async function connectImmutable(file: string): Promise<DatabaseSync> {
  try {
    return await connect(`${pathToFileURL(file).href}?mode=ro&immutable=1`);
  } catch (cause) {
    if (!may(constants.R_OK, file)) throw cause;
    const message = "Nothing can be written here: to read it, use Node 22.15 or later, or Deno with --allow-all.";
    throw new ArchiverError("UNAVAILABLE", message, { cause });
  }
}

/** A log can't be applied without writing. Without it the file is outdated, or even torn. */
function requireNoLog(file: string): void {
  for (const [log, isEmpty] of [
    [`${file}-wal`, sizeOf(`${file}-wal`) === 0],
    [`${file}-journal`, !isHot(`${file}-journal`)],
  ] as const) {
    if (isEmpty) continue;
    const message = `Its log ${log} holds changes, which can't be applied as nothing can be written here. Open it once where it can be written to, or copy both files to such a place.`;
    throw new ArchiverError("UNAVAILABLE", message);
  }
}

/** A rollback journal counts unless it is empty or its header was wiped. */
function isHot(journal: string): boolean {
  return sizeOf(journal) > 0 && readFileSync(journal)[0] !== 0;
}

function isSame(before: Stats, now: Stats): boolean {
  return before.ino === now.ino && before.size === now.size && before.mtimeMs === now.mtimeMs;
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
