/** Distinguishes damage from a lost race: in both, something is missing. */
import type { Context } from "../context.js";
import { ArchiverError, hasCode } from "../errors.js";
import { type Snapshot, takeSnapshot } from "./snapshot.js";

/**
 * Wraps a missing or damaged archive or blob as `CORRUPT`: the session's own bytes are unreadable, whatever code the
 * store used. Every operation that meets the damage says the same.
 */
export function corruptSession(id: string, cause: unknown): ArchiverError {
  const { message, key } = cause as ArchiverError;
  if (hasCode(cause, "CORRUPT") && message.startsWith(`Session "${id}" is damaged: `)) return cause as ArchiverError;
  return new ArchiverError("CORRUPT", `Session "${id}" is damaged: ${message}`, { id, key, cause });
}

/** Whether two snapshots of a session differ in anything. */
export function hasChanged(before: Snapshot, after: Snapshot): boolean {
  return JSON.stringify([before.object.version, before.files]) !== JSON.stringify([after.object.version, after.files]);
}

/**
 * Call it when work on a snapshot failed because something was missing. Returns if the session has changed since, so
 * that the caller can look again; throws `CORRUPT` if it has not. Any other error is thrown unchanged.
 */
export async function rethrowUnlessChanged(ctx: Context, snapshot: Snapshot, error: unknown): Promise<void> {
  if (!hasCode(error, "NOT_FOUND")) throw error;
  const { id } = snapshot.object;
  if (!hasChanged(snapshot, await takeSnapshot(ctx, id))) throw corruptSession(id, error);
}
