/** Ids of sessions and names of their files, from what lies in a folder. */
import { createHash } from "node:crypto";
import { MAX_ARCHIVABLE_ID_LENGTH, OUTPUT } from "@session-archiver/core";

/** What an archive can name, with room for what it adds. */
const LONGEST_NAME = 900;

/**
 * For a second file of one session: the id that an import gives it, too. `name`: the file's name without its ending;
 * `location`: its absolute path without links.
 */
export function besideId(id: string, name: string, location: string): string {
  const beside = `${id}/${name}~${hashOf(location).slice(0, 8)}`;
  return beside.length <= MAX_ARCHIVABLE_ID_LENGTH ? beside : `${id}~${hashOf(location).slice(0, 32)}`;
}

/** 64 hex digits. */
export const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The name for a file that lies in the unit's own folder at `path`: never `output`, nor one of `besideName`. */
export function insideName(path: string): string {
  return short(path === OUTPUT || /^(beside|inside)\//.test(path) ? `inside/${path}` : path);
}

/** The name for a file that belongs to the unit and lies beside its transcript. */
export const besideName = (name: string): string => short(`beside/${name}`);

function short(name: string): string {
  return name.length <= LONGEST_NAME && name.isWellFormed() ? name : `inside/long/${hashOf(name)}`;
}
