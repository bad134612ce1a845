/** Why a catalogue can't be used, so that another has to take its place. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../fs-errors.js";
import { readHeader } from "./sqlite-header.js";
import { lstatOf } from "./stats.js";

/** `undefined`: it can, or there is none. `path`: the database's own, not a link to it. */
export async function whyUnusable(path: string): Promise<string | undefined> {
  const stats = lstatOf(path);
  const log = lstatOf(`${path}-wal`)?.size ?? 0;
  if (!stats || (stats.isFile() && stats.size === 0)) {
    return log > 0 ? "the database is gone, but its log is still there" : undefined;
  }
  if (!stats.isFile() && !stats.isSymbolicLink()) return "there is no file in its place";
  const header = await readHeader(path);
  if (!header.isDatabase) return "it is no SQLite database";
  if (log === 0 && header.size < (header.pages ?? 0) * header.pageSize) return "it has been cut short";
  const { findDamage } = await import("@session-archiver/adapter-sqlite");
  return findDamage(path);
}

/** Only the store's own notes concern all sessions; damage to one session's object is that session's. */
export async function whyNoStore(path: string): Promise<string | undefined> {
  try {
    const { version, meta } = JSON.parse(await readFile(join(path, "store", "store.json"), "utf8"));
    const isSound = typeof version === "string" && typeof meta === "object" && /^[0-9a-f]{12}$/.test(meta?.id);
    return isSound ? undefined : "the store's own notes can't be understood";
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return "the store's own notes are no JSON";
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
