/** Gives a finished file its name, unless the name is taken: also when several processes try at once. */
import { link, rename } from "node:fs/promises";
import { join } from "node:path";
import type { OpOptions } from "@session-archiver/core/adapter";
import { systemCode } from "./errors.js";
import { lstatOf } from "./files.js";
import { lockKeyAt, type Path } from "./layout.js";
import type { StoreDirectory } from "./store-directory.js";
import { MAX_TRIES } from "./tree.js";

/** Errors of file systems without hard links (exFAT, some network mounts). */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/** `false` if the name is taken. */
export async function publishOnce(store: StoreDirectory, file: string, path: Path, op?: OpOptions): Promise<boolean> {
  let publish = linkTo;
  for (let tries = 1; ; tries++) {
    const target = join(await store.tree.ensure(path.slice(0, -1)), path.at(-1) ?? "");
    try {
      return await publish(file, target);
    } catch (error) {
      const code = systemCode(error) ?? "";
      if (NO_LINKS.includes(code) && publish === linkTo) {
        // No process can make links here, so all of them rename, and the lock keeps them apart.
        publish = (from, to) => store.lock.run(lockKeyAt(path), () => renameTo(from, to), op);
      } else if (code !== "ENOENT" || tries === MAX_TRIES) {
        // After many tries, the file itself must be missing.
        throw error;
      }
    }
  }
}

async function linkTo(file: string, target: string): Promise<boolean> {
  try {
    await link(file, target);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

async function renameTo(file: string, target: string): Promise<boolean> {
  if (lstatOf(target)) return false;
  await rename(file, target);
  return true;
}
