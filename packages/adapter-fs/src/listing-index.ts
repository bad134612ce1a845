/**
 * What listings have found in the store's directories, so that the next one only looks whether a directory has changed since.
 * Every change of a session's record is a rename or a removal, and so changes the time (`ctime`) of the directory it lies in, which
 * nobody can set. So it doesn't matter who made a change, nor whether it was noted: in a directory that is not exactly as it
 * was, each record is looked at, and those that are not exactly as they were are read. Losing the file costs time only.
 */
import { renameSync, type Stats, unlinkSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { bytesOf, type SweepIndex } from "@session-archiver/core/adapter";
import { lstatOf, readText } from "./files.js";
import type { Path } from "./layout.js";
import { STAGING, type Staging } from "./staging.js";
import type { Tree } from "./tree.js";

/** What was found in a directory, as it is kept: inode, time of change, the sessions' records in it, and what is below. */
export type Found = readonly [inode: number, changedMs: number, records: Records, below: Below];

/** What was found in a session's record. */
export type FoundRecord = readonly [inode: number, changedMs: number, values: Values];

/** `archived` (0 or 1), `lastActivityMs`, `keptActivityMs` and `prunedAtMs`: queries ask for nothing else. */
export type Values = readonly [number, number | null, number | null, number | null];

/** The records in one directory, by the last part of their sessions' paths. */
export interface Records {
  [name: string]: FoundRecord;
}

/** The store's directories in one, by their names. */
export interface Below {
  [name: string]: Found;
}

export interface ListingIndex {
  /** When all of it was last found out anew, unix ms. */
  readonly since: number;
  /** At the top. */
  readonly top: Found;
}

/** Beside staged files: in the directory at the top, each new index would change what it says of that directory. */
const FILE = "index";
/** Where older builds kept it: at the top. */
const OLD_FILE = ".index";
const VERSION = 2;
const DAY_MS = 24 * 60 * 60 * 1000;
/** What has just changed may change again without another time: file systems count in up to two seconds. */
const SETTLED_MS = 3_000;

/** Whether a later change will show. `stats`: from before the directory or file is read. */
export function isSettled({ ctimeMs }: Stats, now: number): boolean {
  return ctimeMs < now - SETTLED_MS;
}

export function isAsFound([inode, changedMs]: Found | FoundRecord, { ino, ctimeMs }: Stats): boolean {
  return inode === ino && changedMs === ctimeMs;
}

export function valuesOf({ archived, lastActivityMs, keptActivityMs, prunedAtMs }: SweepIndex): Values {
  return [archived ? 1 : 0, lastActivityMs, keptActivityMs, prunedAtMs];
}

export function indexOf([archived, lastActivityMs, keptActivityMs, prunedAtMs]: Values): SweepIndex {
  return { archived: archived === 1, lastActivityMs, keptActivityMs, prunedAtMs, archiveBytes: 0 };
}

/** For names of any spelling. */
export function emptyNames<T>(): Record<string, T> {
  return Object.create(null);
}

/** For a directory that has to be read again, unlike what is in it. */
export function unread(found: Found | undefined): Found {
  return [0, 0, found?.[2] ?? emptyNames(), found?.[3] ?? emptyNames()];
}

/** `undefined` if nothing is known of it. Whatever is in the file. */
export function foundAt(below: Below, name: string): Found | undefined {
  const found: unknown = Object.hasOwn(below, name) ? below[name] : undefined;
  return isFound(found) ? found : undefined;
}

function isFound(found: unknown): found is Found {
  return Array.isArray(found) && isRecord(found[2]) && isRecord(found[3]);
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** As {@link foundAt}. */
export function recordAt(records: Records, name: string): FoundRecord | undefined {
  const found: unknown = Object.hasOwn(records, name) ? records[name] : undefined;
  return Array.isArray(found) && Array.isArray(found[2]) ? (found as unknown as FoundRecord) : undefined;
}

/** `undefined` if there is none to rely on: also after a day, since somebody may edit a file in its place. */
export async function readIndex(tree: Tree, now: number): Promise<ListingIndex | undefined> {
  try {
    const area = await tree.find(STAGING);
    if (area === undefined) return undefined;
    const text = readText(join(area, FILE)) ?? "";
    const end = text.indexOf("\n");
    const body = text.slice(end + 1);
    if (end < 0 || text.slice(0, end) !== headOf(body)) return undefined;
    const { since, top }: ListingIndex = JSON.parse(body);
    const isRecent = since <= now && now - since < DAY_MS;
    return isRecent && isFound(top) ? { since, top } : undefined;
  } catch {
    return undefined; // damaged, or something else in its place
  }
}

/** Keeps it for the next listing. Nothing depends on it, so failures are ignored. */
export async function writeIndex(tree: Tree, staging: Staging, index: ListingIndex): Promise<void> {
  try {
    await erase(tree, [], OLD_FILE);
    const area = await tree.ensure(STAGING);
    const before = lstatOf(area)?.ctimeMs;
    const body = JSON.stringify(index);
    await staging.write(bytesOf(new TextEncoder().encode(`${headOf(body)}\n${body}`)), async (file) => {
      // Where a new file doesn't change its directory's time, no index can be relied on.
      if (lstatOf(area)?.ctimeMs !== before) renameSync(file.path, join(area, FILE));
    });
  } catch {
    // The next listing tries again.
  }
}

/** For `erase`: it names sessions that are gone. */
export async function eraseIndex(tree: Tree): Promise<void> {
  await erase(tree, STAGING, FILE);
  await erase(tree, [], OLD_FILE);
}

async function erase(tree: Tree, path: Path, name: string): Promise<void> {
  const directory = await tree.find(path);
  const file = directory && join(directory, name);
  if (file && lstatOf(file)) unlinkSync(file);
}

function headOf(body: string): string {
  return `session-archiver-index ${VERSION} ${crc32(body).toString(16)}`;
}
