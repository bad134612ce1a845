/**
 * Metadata in a JSON file: a session's beside its directory, as `{"id", "version", "meta"}`, and the store's own at the top, as
 * `{"version", "meta"}`. A file is only ever replaced as a whole, by a rename under the store's lock. Reads need no lock.
 */
import { join } from "node:path";
import { ArchiverError, checkName, decodeMeta, hasCode, type Meta, type Version } from "@session-archiver/core/adapter";
import { foreign, lstatOf, readText } from "./files.js";
import { OLD_RECORD, type Path, recordPath, sessionPath } from "./layout.js";
import type { Tree } from "./tree.js";

/** The `id` is checked; of the store's own metadata there is none. */
export interface FoundMeta {
  readonly id: unknown;
  readonly version: Version;
  readonly meta: Meta;
}

interface MetaText {
  readonly file: string;
  readonly text: string;
  /** A second file of the same session, which `file` stands beside. */
  readonly other: string | undefined;
}

/** The metadata of the session at `path`, or the store's own. */
export async function readMeta(tree: Tree, path: Path): Promise<FoundMeta | undefined> {
  const above = await tree.find(path.slice(0, -1));
  return above === undefined ? undefined : readMetaIn(above, path);
}

/** As {@link readMeta}, with the directory above already found. `CORRUPT` for anything but metadata in the file's place. */
export function readMetaIn(above: string, path: Path): FoundMeta | undefined {
  const found = textIn(above, path);
  return found && parsed(found, path);
}

/** The file that holds damaged metadata, and what stands in it; `undefined` if there is none, or if it is not damaged. */
export async function damagedMeta(
  tree: Tree,
  path: Path,
): Promise<{ readonly file: string; readonly text: string } | undefined> {
  const above = await tree.find(path.slice(0, -1));
  const found = above === undefined ? undefined : textIn(above, path);
  if (!found) return undefined;
  try {
    parsed(found, path);
    return undefined;
  } catch (error) {
    if (hasCode(error, "CORRUPT")) return found;
    throw error;
  }
}

function textIn(above: string, path: Path): MetaText | undefined {
  const beside = join(above, recordPath(path).at(-1) ?? "");
  const old = oldRecord(above, path);
  const oldText = old === undefined ? undefined : readText(old);
  // Second, since a record moves in one direction only: from the old place to this one.
  const text = readText(beside);
  if (old !== undefined && oldText !== undefined && (text === undefined || lstatOf(old))) {
    return { file: old, text: oldText, other: text === undefined ? undefined : beside };
  }
  return text === undefined ? undefined : { file: beside, text, other: undefined };
}

/** Where the session's record lies if an older build wrote it. */
export function oldRecord(above: string, path: Path): string | undefined {
  const name = path.at(-1);
  if (name === undefined) return undefined;
  const directory = join(above, name);
  const stats = lstatOf(directory);
  if (stats?.isSymbolicLink()) throw foreign(directory, "a symbolic link");
  return stats?.isDirectory() ? join(directory, OLD_RECORD) : undefined;
}

function parsed({ file, text, other }: MetaText, path: Path): FoundMeta {
  if (other !== undefined) {
    const message = `Besides ${other} there is ${file}, which an older version has made. Nothing was changed. Move away the one that is not to count.`;
    throw new ArchiverError("CORRUPT", message);
  }
  let cause: unknown;
  try {
    const { id, version, meta } = JSON.parse(text);
    if (path.length === 0 || belongsAt(path, id)) return { id, ...decodeMeta({ version, meta }, file, {}) };
  } catch (error) {
    cause = error;
  }
  throw new ArchiverError("CORRUPT", `${file} is damaged or not of this store: repair it or move it away.`, { cause });
}

/** An id that no put accepts may have the same path as a valid one. */
function belongsAt(path: Path, id: unknown): boolean {
  checkName(id, "session id");
  return sessionPath(id).join("/") === path.join("/");
}
