/**
 * A lock with one holder at a time among all processes of this machine. It is the operating system's, which releases it when
 * its holder dies, however it dies. Node reaches it through an empty SQLite file only.
 */
import { closeSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { systemCode } from "./errors.js";
import { createFile, lstatOf, requireFile } from "./files.js";
import type { Tree } from "./tree.js";

export interface SystemLock {
  /** `false` if it is held elsewhere. */
  tryTake(): Promise<boolean>;
  release(): void;
  /** Lets the holder know that somebody waits. */
  ask(): void;
  /** Another value whenever somebody has asked since. */
  lastAsked(): number | undefined;
  close(): void;
}

const FILE = ".lock";
const SQLITE_BUSY = 5;

interface Opened {
  readonly path: string;
  readonly database: DatabaseSync;
  readonly begin: StatementSync;
}

/** The file lies at the top of `tree`. */
export function openSystemLock(tree: Pick<Tree, "ensure">): SystemLock {
  let opened: Opened | undefined;

  async function open(): Promise<Opened> {
    const path = join(await tree.ensure([]), FILE);
    const stats = lstatOf(path);
    if (stats) requireFile(stats, path);
    else createPrivately(path);
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(path);
    // Prepared: errors of `exec` have no code in Deno.
    return { path, database, begin: database.prepare("BEGIN IMMEDIATE") };
  }

  return {
    async tryTake() {
      opened ??= await open();
      try {
        // Nothing is ever written to the file: neither a journal nor the page that BEGIN prepares.
        opened.database.prepare("PRAGMA journal_mode = MEMORY").get();
        opened.begin.run();
        return true;
      } catch (error) {
        if (isBusy(error)) return false;
        throw error;
      }
    },
    release() {
      opened?.database.exec("ROLLBACK");
    },
    // By the file's time, which means nothing to SQLite. Only fairness depends on it, so it may fail.
    ask() {
      const now = Date.now() / 1000;
      ignoringErrors(() => opened && utimesSync(opened.path, now, now));
    },
    lastAsked: () => ignoringErrors(() => opened && statSync(opened.path).mtimeMs),
    close() {
      opened?.database.close();
      opened = undefined;
    },
  };
}

function ignoringErrors<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}

/** SQLite would make the file readable for everyone, and any user who can read it could hold it. */
function createPrivately(path: string): void {
  try {
    closeSync(createFile(path));
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error; // another process has just made it
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}
