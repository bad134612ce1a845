/**
 * Where a store keeps its sessions: in `store/`. Versions before 0.2 kept them in `sessions/`, and would take a store of this
 * version for an empty one. So they must meet an error wherever they look: `sessions` is a symbolic link that leads back to
 * itself and says what to do. (A plain file would not do: an old version finds no sessions in it, and reports no problem.)
 *
 * The first change made to an old store moves it. Node offers no system call that exchanges a directory for a link, so there
 * is an instant between two renames in which `sessions` is missing. After a crash in that instant it stays missing until the
 * next change. The move runs under the old version's own lock.
 */
import { readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { ArchiverError } from "@session-archiver/core/adapter";
import { systemCode } from "./errors.js";
import { foreign, syncDirectory } from "./files.js";
import { openLock } from "./lock.js";
import { isDirectory, makeDirectory, type Root } from "./root.js";

const STORE = "store";
const OLD_STORE = "sessions";
const WORD = `${OLD_STORE}/This store was made by session-archiver 0.2 or later. Update session-archiver to open it.`;
/** The link's name while its place is still taken. It is made first, to see whether links can be made at all. */
const COMING_LINK = ".sessions-link";

/** Errors where there are no symbolic links, or no right to make them. There the sessions stay in `sessions/`. */
const NO_LINKS = ["EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

export function sessionRoot(home: string, lockTimeoutMs: number): Root {
  const store = join(home, STORE);
  const old = join(home, OLD_STORE);
  /** Where the sessions are and will stay. */
  let found: string | undefined;
  let migrated = false;
  let migrating: Promise<void> | undefined;

  async function find(): Promise<string | undefined> {
    // If they are moved from the old place to the new one between two looks, the third look finds them.
    return found ?? (await findStore()) ?? (await findOld()) ?? findStore();
  }

  async function findStore(): Promise<string | undefined> {
    if (!isDirectory(store)) return undefined;
    requireOne();
    found = await realpath(store);
    return found;
  }

  async function findOld(): Promise<string | undefined> {
    try {
      return isDirectory(old) ? await realpath(old) : undefined;
    } catch (error) {
      if (isDirectory(store)) return undefined;
      throw error;
    }
  }

  function requireOne(): void {
    if (!isDirectory(old)) return;
    const message = `Besides ${store} there is ${old}, which an older version has made. Nothing was changed. To read it, move it into a directory of its own (as "${OLD_STORE}"), and open that.`;
    throw new ArchiverError("UNAVAILABLE", message);
  }

  async function migrate(): Promise<void> {
    while (!migrated) {
      if (isDirectory(store)) {
        requireOne();
        if (!isOurLink(old) && makeLink(old)) await syncDirectory(home);
        found = await realpath(store);
        migrated = true;
      } else if (isDirectory(old)) {
        await move();
      } else {
        return; // there is no store yet
      }
    }
  }

  /** Moves the old store under its lock, unless another process has done so. */
  async function move(): Promise<void> {
    const lock = openLock({ ensure: () => realpath(old) }, lockTimeoutMs);
    try {
      await lock.run(OLD_STORE, async () => {
        if (isDirectory(store) || !isDirectory(old)) return;
        const coming = join(home, COMING_LINK);
        if (!makeLink(coming)) {
          found = await realpath(old);
          migrated = true;
          return;
        }
        renameSync(old, store);
        renameSync(coming, old);
        await syncDirectory(home);
      });
    } catch (error) {
      if (!isDirectory(store)) throw error;
    } finally {
      await lock.close();
    }
  }

  /** Makes the link first, so that at no instant an old version can make a store of its own. */
  async function make(): Promise<void> {
    await makeDirectory(home);
    if (!isDirectory(old)) await makeDirectory(makeLink(old) ? store : old);
    await syncDirectory(home);
    await migrate();
  }

  return {
    find,
    make,
    migrate() {
      migrating ??= migrate().finally(() => {
        migrating = undefined;
      });
      return migrating;
    },
    mayMove: () => found === undefined,
  };
}

/** `false` if no link can be made there; `CORRUPT` if something else is in its place. */
function makeLink(path: string): boolean {
  try {
    symlinkSync(WORD, path);
  } catch (error) {
    const code = systemCode(error) ?? "";
    const target = code === "EEXIST" ? targetOf(path) : undefined;
    if (target === WORD) return true;
    if (target?.endsWith(WORD)) {
      // A copy of the store, by a program that makes such links absolute: it leads to what may not be there any more.
      rmSync(path, { force: true });
      return makeLink(path);
    }
    // An older version may just have made its store there.
    if (NO_LINKS.includes(code) || (code === "EEXIST" && isDirectory(path))) return false;
    throw code === "EEXIST" ? foreign(path, "not a file of this store") : error;
  }
  return true;
}

function isOurLink(path: string): boolean {
  return targetOf(path) === WORD;
}

/** Where the symbolic link leads, word for word; `undefined` if there is none. */
function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
