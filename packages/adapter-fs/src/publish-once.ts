/** Gives a finished file its name, unless that is taken: also when several processes try at once. */
import { link, rename } from "node:fs/promises";
import { join } from "node:path";
import type { OpOptions } from "@session-archiver/core/adapter";
import type { Area } from "./area.js";
import { systemCode } from "./errors.js";
import { lstatOf } from "./files.js";
import type { Path } from "./layout.js";

/** What file systems without hard links (exFAT, some network mounts) answer. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/** Far more often than others can empty and remove a directory just made; else the file itself was taken away. */
const MAX_TRIES = 100;

/** `false` if the name is taken. */
export async function publishOnce(area: Area, file: string, path: Path, op?: OpOptions): Promise<boolean> {
  let publish = linkTo;
  for (let tries = 1; ; tries++) {
    const target = join(await area.tree.ensure(path.slice(0, -1)), path.at(-1) ?? "");
    try {
      return await publish(file, target);
    } catch (error) {
      const code = systemCode(error) ?? "";
      if (NO_LINKS.includes(code) && publish === linkTo) {
        // No process can make links here, so all come this way, and the lock keeps them apart.
        publish = (from, to) => area.lock.run(() => renameTo(from, to), op);
      } else if (code !== "ENOENT" || tries === MAX_TRIES) {
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
