/** Tells damage from a lost race: both show as something that is not there. */
import type { Context } from "../context.js";
import { ArchiverError, hasCode } from "../errors.js";
import { type Snapshot, takeSnapshot } from "./snapshot.js";

/** What the session exists for can't be read: `CORRUPT`, whatever code the store gave. */
export function corruptSession(id: string, cause: unknown): ArchiverError {
  const { message, key } = cause as ArchiverError;
  return new ArchiverError("CORRUPT", `Session "${id}" is damaged: ${message}`, { id, key, cause });
}

/** Whether two looks at a session differ in anything. */
export function hasChanged(before: Snapshot, after: Snapshot): boolean {
  return JSON.stringify([before.object.version, before.files]) !== JSON.stringify([after.object.version, after.files]);
}

/**
 * For work on a snapshot that failed because something was gone: passes if the session has changed since, so that it can
 * be looked at again; throws `CORRUPT` if it has not, and any other error as it is.
 */
export async function rethrowUnlessChanged(ctx: Context, snapshot: Snapshot, error: unknown): Promise<void> {
  if (!hasCode(error, "NOT_FOUND")) throw error;
  const { id } = snapshot.object;
  if (!hasChanged(snapshot, await takeSnapshot(ctx, id))) throw corruptSession(id, error);
}
