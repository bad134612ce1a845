/**
 * Where a store keeps its sessions: in `store/`. The version before this one kept them in `sessions/`, and would take one
 * that it doesn't understand for an empty store. So it must meet an error wherever it looks: `sessions` is a symbolic link
 * that leads back to itself, with a word for people in it. (A plain file would not do: the old version finds no sessions in
 * it, and says that all is well.)
 *
 * A store of the old version is moved by the first change made to it. No system call that Node offers exchanges a directory
 * for a link, so there is an instant between two renames in which `sessions` is missing, and after a crash just then it
 * stays so until the next change. The old version's own lock is held meanwhile.
 */
import { readlinkSync, renameSync, symlinkSync } from "node:fs";
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
/** The link while its place is still taken: it is made first, to see whether links can be made at all. */
const COMING_LINK = ".sessions-link";

/** What is said where there are no symbolic links, or no right to make them. There the sessions stay where they are. */
const NO_LINKS = ["EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

export function sessionRoot(home: string, lockTimeoutMs: number): Root {
  const store = join(home, STORE);
  const old = join(home, OLD_STORE);
  /** Where the sessions are and will stay. */
  let found: string | undefined;
  let settled = false;
  let settling: Promise<void> | undefined;

  async function find(): Promise<string | undefined> {
    // Looked at from where they come, then where they go, then again: moved meanwhile, they are not missed.
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

  async function settle(): Promise<void> {
    while (!settled) {
      if (isDirectory(store)) {
        requireOne();
        if (!isOurLink(old) && makeLink(old)) await syncDirectory(home);
        found = await realpath(store);
        settled = true;
      } else if (isDirectory(old)) {
        await move();
      } else {
        return; // nothing is there yet
      }
    }
  }

  /** Under the old version's lock. Returns if another process has moved it. */
  async function move(): Promise<void> {
    const lock = openLock({ ensure: () => realpath(old) }, lockTimeoutMs);
    try {
      await lock.run(async () => {
        if (isDirectory(store) || !isDirectory(old)) return;
        const coming = join(home, COMING_LINK);
        if (!makeLink(coming)) {
          found = await realpath(old);
          settled = true;
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

  /** The link first: so there is no instant in which the old version could make a store of its own. */
  async function make(): Promise<void> {
    await makeDirectory(home);
    if (!isDirectory(old)) await makeDirectory(makeLink(old) ? store : old);
    await syncDirectory(home);
    await settle();
  }

  return {
    find,
    make,
    settle() {
      settling ??= settle().finally(() => {
        settling = undefined;
      });
      return settling;
    },
    mayMove: () => found === undefined,
  };
}

/** `false` if no link can be made there; `CORRUPT` if something strange is in its place. */
function makeLink(path: string): boolean {
  try {
    symlinkSync(WORD, path);
  } catch (error) {
    const code = systemCode(error) ?? "";
    if (code === "EEXIST" && isOurLink(path)) return true;
    // An older version may just have made its store there.
    if (NO_LINKS.includes(code) || (code === "EEXIST" && isDirectory(path))) return false;
    throw code === "EEXIST" ? foreign(path, "none of this store's files") : error;
  }
  return true;
}

function isOurLink(path: string): boolean {
  try {
    return readlinkSync(path) === WORD;
  } catch {
    return false;
  }
}
