/** What an import writes into a session's metadata. */
import { ArchiverError, hasCode, isTime, KEY, type Meta, type ObjectStore, withCount } from "@session-archiver/core";
import type { FoundFile } from "./find.js";
import type { LineScan } from "./line-scan.js";
import type { Source } from "./source.js";

/** Where a session came from, as its path was given; size in bytes and time of the file when it was taken in whole. */
export const IMPORT_KEY = {
  source: "import:source",
  size: "import:size",
  mtime: "import:mtime_ms",
} as const;

const MAX_TRIES = 20;

/** The metadata of a session that has no bytes yet; without a line count no sweep touches it. */
export function firstMeta(file: FoundFile): Meta {
  return { [KEY.view]: "agent", [IMPORT_KEY.source]: file.path };
}

/**
 * Whether the file was taken in whole and has not been touched since. A last activity before 2000 was read by an earlier
 * version, which took seconds for milliseconds: the file is looked at again.
 */
export function isTakenIn(meta: Meta, file: FoundFile, { size, mtimeMs }: Source): boolean {
  if (!isTime(Number(meta[KEY.lastActivity]))) return false;
  return meta[IMPORT_KEY.source] === file.path && meta[IMPORT_KEY.size] === size && meta[IMPORT_KEY.mtime] === mtimeMs;
}

/**
 * Notes that the session now holds the file's bytes, all of which `scan` has seen. `false` if it is gone, or somebody else
 * has noted more of the file meanwhile. `before`: the metadata as it was when the import began.
 */
export async function recordImport(
  objects: ObjectStore,
  file: FoundFile,
  source: Source,
  scan: LineScan,
  options: { readonly now: number; readonly appended: boolean; readonly before: Meta | undefined },
): Promise<boolean> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const object = await objects.get(file.id);
    if (!object || hasMore(object.meta, file, source, options.before)) return false;
    const meta = {
      ...object.meta,
      ...statsOf(object.meta, source, scan, options),
      [IMPORT_KEY.source]: file.path,
      [IMPORT_KEY.size]: source.size,
      [IMPORT_KEY.mtime]: source.mtimeMs,
    };
    try {
      await objects.put(file.id, meta, object.version);
      return true;
    } catch (error) {
      if (!hasCode(error, "CONFLICT")) throw error;
    }
  }
  throw new ArchiverError("CONFLICT", `Session "${file.id}" keeps changing: import it again when it is quiet.`, {
    id: file.id,
  });
}

function hasMore(meta: Meta, file: FoundFile, { size }: Source, before: Meta | undefined): boolean {
  const noted = meta[IMPORT_KEY.size];
  const isNew = noted !== before?.[IMPORT_KEY.size];
  return isNew && meta[IMPORT_KEY.source] === file.path && typeof noted === "number" && noted > size;
}

/** Times come from the lines, not from the clock of whoever wrote them into the store. */
function statsOf(
  meta: Meta,
  source: Source,
  scan: LineScan,
  { now, appended }: { readonly now: number; readonly appended: boolean },
): Meta {
  // A host's session that holds the same bytes keeps the host's stats.
  if (!appended && meta[IMPORT_KEY.source] === undefined) return {};
  const { oldest, newest } = scan;
  const started = oldest ?? meta[KEY.startedAt];
  return {
    ...(started === undefined ? {} : { [KEY.startedAt]: started }),
    [KEY.lastActivity]: newest ?? timeOfFile(source, now),
    ...withCount({}, scan),
  };
}

/** Unpacking programs leave files of 1970 and 1980: nothing was written then. */
function timeOfFile({ mtimeMs }: Source, now: number): number {
  return Math.trunc(isTime(mtimeMs) ? Math.min(mtimeMs, now) : now);
}
