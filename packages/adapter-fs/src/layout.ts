/** The paths of sessions, blobs and archives, as components below their store's directory. */
import { OUTPUT } from "@session-archiver/core/adapter";
import { directoryName, fileName, shortened, shortenedHash, textOf } from "./names.js";

/** Components of a path, the last one being the entry itself. */
export type Path = readonly string[];

/** The longest paths and names that are not shortened. A file name has at most 255 bytes, a path on some systems 1,024. */
const MAX_ID = 180;
const MAX_KEY = 240;
const MAX_BLOB_PART = 100;

/** Where builds before this layout kept a session's record: in the session's directory. */
export const OLD_RECORD = "session.json";

/** The store's own metadata, at the top. No session's record has this name. */
export const OWN_FILE = "store.json";

const RECORD_ENDING = ".session.json";

/** The path of the store's own metadata: the only one without components. */
export const OWN: Path = [];

/** The file with the metadata of the session at `path`: beside the session's directory, whose name never has a dot. */
export function recordPath(path: Path): Path {
  const name = path.at(-1);
  return name === undefined ? [OWN_FILE] : [...path.slice(0, -1), name + RECORD_ENDING];
}

/** The last component of the session whose record has this name; `undefined` for other files. */
export function sessionNamed(file: string): string | undefined {
  return file.endsWith(RECORD_ENDING) ? file.slice(0, -RECORD_ENDING.length) : undefined;
}

/** The slashes of an id become directories. */
export function sessionPath(id: string): Path {
  const path = id.split("/").map(directoryName);
  return path.join("/").length <= MAX_ID ? path : [shortened(id)];
}

/** The key under which a session is changed: see `lock.ts`. */
export function lockKey(id: string): string {
  return lockKeyAt(sessionPath(id));
}

export function lockKeyAt(path: Path): string {
  return path.join("/");
}

/** Whether a directory belongs to the store, and ids or keys that start with `prefix` may lie in it or below it. */
export function mayHold(path: Path, prefix: string): boolean {
  if (path.some((name) => shortenedHash(name) !== undefined)) return true; // only a look inside can tell
  const texts = path.map(textOf);
  if (texts.some((text, n) => text === undefined || directoryName(text) !== path[n])) return false;
  const start = `${texts.join("/")}/`;
  return start.startsWith(prefix) || prefix.startsWith(start);
}

/** Given to files whose key has no ending of its own. */
const NO_ENDING = ".raw";
const ENDING = /(?:\.[a-z0-9]{1,10}){1,2}$/;

/** More directories would be made for few files each: the second one is one of 256 that the sessions are spread over. */
const ARCHIVE_DIRECTORIES = 2;

/**
 * Where an archive is put. The first slashes of its key make directories, the others stay in the file's name, which keeps
 * its dots, and so its ending.
 */
export function archivePath(key: string): Path {
  const parts = key.split("/");
  const rest = parts.slice(ARCHIVE_DIRECTORIES);
  const path = rest.length > 1 ? pathOf([...parts.slice(0, ARCHIVE_DIRECTORIES), rest.join("/")]) : undefined;
  return path && fits(path) ? path : deepArchivePath(key);
}

/** Where older builds put it, and this one if the file's name would be too long: each slash makes a directory. */
export function deepArchivePath(key: string): Path {
  const path = pathOf(key.split("/"));
  return fits(path) ? path : [shortened(key) + (ENDING.exec(path.at(-1) ?? "")?.[0] ?? NO_ENDING)];
}

function fits(path: Path): boolean {
  return path.join("/").length <= MAX_KEY;
}

/** The last part is the file's. */
function pathOf(parts: readonly string[]): Path {
  const last = fileName(parts.at(-1) ?? "");
  const file = !last.includes(".") || last.endsWith(NO_ENDING) ? last + NO_ENDING : last;
  return [...parts.slice(0, -1).map(directoryName), file];
}

/**
 * The key of the archive at this path, given as the names below the sink's directory. `undefined` for paths that no archive
 * has, and for shortened names.
 */
export function archiveKeyAt(path: Path): string | undefined {
  const file = path.at(-1) ?? "";
  const last = textOf(file.endsWith(NO_ENDING) ? file.slice(0, -NO_ENDING.length) : file);
  const names = [...path.slice(0, -1).map(textOf), last];
  if (names.includes(undefined)) return undefined;
  const key = names.join("/");
  return isArchivePath(path, key) ? key : undefined;
}

export function isArchivePath(path: Path, key: string): boolean {
  return [archivePath(key), deepArchivePath(key)].some((one) => one.join("/") === path.join("/"));
}

/** The files of one blob in its session's directory. */
export interface BlobFiles {
  readonly data: string;
  /** See `size-record.ts`. */
  readonly record: string;
}

/** `output@<generation>.jsonl`. Neither part has an `@` in it, and the generation has no dot. */
export function blobFiles(name: string, generation: string): BlobFiles {
  const stem = `${blobName(name)}@${blobGeneration(generation)}`;
  const ending = name === OUTPUT || name.endsWith(".jsonl") ? "jsonl" : "blob";
  return { data: `${stem}.${ending}`, record: `${stem}.size` };
}

/** The part of a blob's file names that stands for its name. */
export function blobName(name: string): string {
  return short(fileName(name), name);
}

/** The part that stands for its generation. */
export function blobGeneration(generation: string): string {
  return short(directoryName(generation), generation);
}

function short(name: string, text: string): string {
  return name.length <= MAX_BLOB_PART ? name : shortened(text);
}

const BLOB_FILE = /^([^@]+)@([^@.]+)\.(jsonl|blob|size)$/;

/** The parts of a blob file's name; `undefined` for names of other files. */
export function blobFileParts(file: string): { name: string; generation: string; isRecord: boolean } | undefined {
  const [, name, generation, ending] = BLOB_FILE.exec(file) ?? [];
  if (name === undefined || generation === undefined) return undefined;
  return { name, generation, isRecord: ending === "size" };
}
