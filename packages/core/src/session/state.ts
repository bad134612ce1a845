/**
 * What a session's metadata and blobs mean together. Pure; `transitions/` has the changes.
 *
 * The object's compare-and-swap is the only commit. Between commits, blobs may come and go. Each blob's generation says
 * what it is, so every state that a crash can leave has one meaning and reads the same bytes.
 */

import type { Meta } from "../ports.js";
import { KEY, positiveAt, recordIn } from "./metadata.js";

/**
 * live: all bytes in blobs. archived: all in the archive. mirrored: all in the archive, and in the files that its agent
 * wrote, which no operation of the archiver touches. resumed: an archive, then live output. pruned: a tombstone.
 */
export type SessionState = "live" | "archived" | "mirrored" | "resumed" | "pruned";

export function isArchived(meta: Meta): boolean {
  return positiveAt(meta, KEY.archivedAt) !== undefined;
}

export function isPruned(meta: Meta): boolean {
  return positiveAt(meta, KEY.prunedAt) !== undefined;
}

/** Pruned, and the archive's bytes given up. */
export function isPurged(meta: Meta): boolean {
  return isPruned(meta) && !isArchived(meta);
}

/** The state by the metadata alone, as sweeps use it: for these, `archived` includes `mirrored`. */
export function stateOf(meta: Meta): Exclude<SessionState, "mirrored"> {
  if (isPruned(meta)) return "pruned";
  if (!isArchived(meta)) return "live";
  return positiveAt(meta, KEY.resumedAt) === undefined ? "archived" : "resumed";
}

/** Whether the files that the session was archived from are noted as lying in their places. */
export function hasOriginals(meta: Meta): boolean {
  const { state, pending, rebuilt } = recordIn(meta[KEY.originals]) ?? {};
  return state === "kept" && pending !== true && rebuilt !== true;
}

/** Forgotten: a tombstone without content is all that is left, and no import takes the session in again. */
export function isForgotten(meta: Meta): boolean {
  return isPurged(meta) && positiveAt(meta, KEY.forgottenAt) !== undefined;
}

/** Being removed: none of its bytes can be read any more. */
export function isRemoving(meta: Meta): boolean {
  return positiveAt(meta, KEY.removingAt) !== undefined;
}

/** Being removed, with a tombstone at the end. */
export function isForgetting(meta: Meta): boolean {
  return isRemoving(meta) && positiveAt(meta, KEY.forgottenAt) !== undefined;
}
