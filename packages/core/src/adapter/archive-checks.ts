/** Whether an archive is there. */
import { ArchiverError } from "../errors.js";

/** `CONFLICT` if there is an archive. To be asked where the answer still holds: in the same transaction. */
export function requireUnused(found: unknown, key: string): void {
  if (found !== undefined) throw archiveExists(key);
}

/** `NOT_FOUND` if there is none. */
export function requireArchive<Head>(found: Head | undefined, key: string): Head {
  if (found === undefined) throw archiveGone(key);
  return found;
}

/** For a store's own create-only write that has failed. */
export function archiveExists(key: string): ArchiverError {
  return new ArchiverError("CONFLICT", `Archive "${key}" exists already; use another key.`, { key });
}

/** Of a read: the archive is not there, or is not the one any more that the read began with. */
export function archiveGone(key: string): ArchiverError {
  return new ArchiverError("NOT_FOUND", `There is no archive "${key}".`, { key });
}
