/**
 * A lock with one holder at a time among all processes of this machine. It is the operating system's, which releases it when
 * its holder dies, however it dies. Node reaches it through an empty SQLite file only.
 */
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { ArchiverError, type OpOptions, throwIfAborted } from "@session-archiver/core/adapter";
import { systemCode } from "./errors.js";
import { createFile, lstatOf, requireFile } from "./files.js";
import type { Tree } from "./tree.js";

export interface Lock {
  /** Runs `task` while no other task of this or another process runs, in the order of the calls. */
  run<T>(task: () => Promise<T>, op?: OpOptions): Promise<T>;
  /** Waits for the tasks under way. */
  close(): Promise<void>;
}

const FILE = ".lock";
const MAX_PAUSE_MS = 8;
const SQLITE_BUSY = 5;

/** The file lies at the top of `tree`. */
export function openLock(tree: Pick<Tree, "ensure">, timeoutMs: number): Lock {
  let last: Promise<void> = Promise.resolve();
  let database: DatabaseSync | undefined;
  let closed = false;

  async function open(): Promise<DatabaseSync> {
    const path = join(await tree.ensure([]), FILE);
    const stats = lstatOf(path);
    if (stats) requireFile(stats, path);
    else await createPrivately(path);
    const { DatabaseSync } = await import("node:sqlite");
    return new DatabaseSync(path);
  }

  /** Nothing is ever written to the file: neither a journal nor the page that BEGIN prepares. */
  function tryBegin(db: DatabaseSync): boolean {
    try {
      // Prepared: errors of `exec` have no code in Deno.
      db.prepare("PRAGMA journal_mode = MEMORY").get();
      db.prepare("BEGIN IMMEDIATE").run();
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  }

  async function acquire(op: OpOptions | undefined): Promise<DatabaseSync> {
    database ??= await open();
    const deadline = performance.now() + timeoutMs;
    for (let pause = 1; !tryBegin(database); pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
      throwIfAborted(op?.signal);
      if (performance.now() > deadline) {
        const message = `Another process has held the lock for ${timeoutMs} ms; try again later.`;
        throw new ArchiverError("UNAVAILABLE", message);
      }
      await setTimeout(pause * (0.5 + Math.random()));
    }
    return database;
  }

  return {
    async run(task, op) {
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      last = promise;
      await before;
      try {
        if (closed) throw new ArchiverError("UNAVAILABLE", "The store was closed.");
        throwIfAborted(op?.signal);
        const held = await acquire(op);
        try {
          return await task();
        } finally {
          held.exec("ROLLBACK");
        }
      } finally {
        resolve();
      }
    },
    async close() {
      closed = true;
      await last;
      database?.close();
      database = undefined;
    },
  };
}

/** SQLite would make the file readable for everyone, and any user who can read it could hold it. */
async function createPrivately(path: string): Promise<void> {
  try {
    await (await createFile(path)).close();
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error; // another process has just made it
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}
