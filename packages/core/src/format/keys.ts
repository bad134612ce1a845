/** Sink keys: `<session id>.<utc time>-<random>` and an ending. Never used twice, and lower case but for the id. */
import { ArchiverError } from "../errors.js";
import { MAX_NAME_LENGTH } from "../validate.js";

const KEY = /^(.+)\.\d{8}t\d{9}z-[0-9a-f]{16}\.(?:jsonl\.gz|json|\d+\.gz)$/s;
const LONGEST_SUFFIX = 64;
const LATEST_MS = Date.UTC(9999, 11, 31);

/** Longest id of a session that can be archived, in UTF-16 units: its sink keys are longer. */
export const MAX_ARCHIVABLE_ID_LENGTH: number = MAX_NAME_LENGTH - LONGEST_SUFFIX;

/** The part that all keys of one archive share. */
export function newStem(id: string, now: number, randomId: string): string {
  if (id.length > MAX_ARCHIVABLE_ID_LENGTH) {
    const limit = MAX_ARCHIVABLE_ID_LENGTH;
    throw new ArchiverError("INVALID_ARGUMENT", `Ids of sessions to be archived have at most ${limit} characters.`, {
      id,
    });
  }
  // A clock that is wrong by millennia must not make keys of another form.
  const time = new Date(Math.min(Math.max(now, 0) || 0, LATEST_MS)).toISOString().replace(/[-:.]/g, "").toLowerCase();
  return `${id}.${time}-${randomId}`;
}

export function outputKey(stem: string): string {
  return `${stem}.jsonl.gz`;
}

/** Sidecars have numbers: their names may be anything, and stand in the manifest. */
export function sidecarKey(stem: string, number: number): string {
  return `${stem}.${number}.gz`;
}

export function manifestKey(stem: string): string {
  return `${stem}.json`;
}

/** The session that a key was made for, or `undefined` for a key that is none of ours. */
export function sessionIdOf(key: string): string | undefined {
  return KEY.exec(key)?.[1];
}
