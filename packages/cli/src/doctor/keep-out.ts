/** Keeps other programs out of a database's file while it is moved: what they write to it would not come along. */
import { linkSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { ArchiverError } from "@session-archiver/core";
import { deviceName } from "./locks.js";
import { realProbes } from "./probes.js";

/** SQLite's result code for a lock that another connection holds. */
const BUSY = 5;

/**
 * `UNAVAILABLE` if a program has the database open. Otherwise none can use it until the returned function is called, as far
 * as the file is enough of a database to be locked. Changes neither file nor log. `folder`: one on the same file system,
 * for a second name of the file.
 */
export async function keepOut(path: string, folder: string): Promise<() => void> {
  await refuseHolders(path);
  const second = join(folder, `.lock-of-${basename(path)}`);
  try {
    linkSync(path, second);
  } catch {
    return () => {}; // there is no file, or the file system has no second names
  }
  // Under this name it has no log, so SQLite folds none in.
  const { DatabaseSync } = await import("node:sqlite");
  let database: DatabaseSync | undefined;
  const letIn = (): void => {
    database?.close();
    for (const ending of ["-wal", "-shm", "-journal", ""]) rmSync(second + ending, { force: true });
  };
  try {
    database = new DatabaseSync(second);
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK");
  } catch (error) {
    if (error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === BUSY) {
      letIn();
      throw inUse(path);
    }
    // It is too damaged for any program to begin with it.
  }
  return letIn;
}

/** A program that began before the damage may go on with what it has in memory. Linux names it. */
async function refuseHolders(path: string): Promise<void> {
  const locks = await realProbes().locks();
  for (const file of [path, `${path}-shm`]) {
    const stats = statSync(file, { throwIfNoEntry: false });
    const holder = locks.find(
      ({ pid, inode, device }) =>
        pid !== process.pid && stats && inode === stats.ino && device === deviceName(stats.dev),
    );
    if (holder) throw inUse(path, holder.pid);
  }
}

function inUse(path: string, pid?: number): ArchiverError {
  const who = pid === undefined ? "Another program" : `Process ${pid}`;
  const message = `${who} has "${path}" open, and may write to it: end it, then run this again. Nothing has been changed.`;
  return new ArchiverError("UNAVAILABLE", message);
}
