/** Tells damage from a lost race: both show as something that is not there. */
import type { Context } from "../context.js";
import { ArchiverError, hasCode } from "../errors.js";
import { type Snapshot, takeSnapshot } from "./snapshot.js";

/** What the session exists for can't be read: `CORRUPT`, whatever code the store gave. */
export function damaged(id: string, cause: unknown): ArchiverError {
  const { message, key } = cause as ArchiverError;
  return new ArchiverError("CORRUPT", `Session "${id}" is damaged: ${message}`, { id, key, cause });
}

/** Whether two looks at a session differ in anything. */
export function differ(before: Snapshot, after: Snapshot): boolean {
  return JSON.stringify([before.object.version, before.parts]) !== JSON.stringify([after.object.version, after.parts]);
}

/**
 * For work on a snapshot that failed because something was gone: passes if the session has changed since, so that it can
 * be looked at again; throws `CORRUPT` if it has not, and any other error as it is.
 */
export async function checkLostRace(ctx: Context, snapshot: Snapshot, error: unknown): Promise<void> {
  if (!hasCode(error, "NOT_FOUND")) throw error;
  const { id } = snapshot.object;
  if (!differ(snapshot, await takeSnapshot(ctx, id))) throw damaged(id, error);
}
