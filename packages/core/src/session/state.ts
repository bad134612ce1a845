/**
 * What a session's metadata and blobs say together. Pure; `transitions/` has the changes.
 *
 * The object's compare-and-swap is the only commit. Between commits, blobs may come and go; each blob's generation tells
 * what it is, so that every state a crash can leave behind has one meaning and reads the same bytes.
 */

import type { Meta } from "../ports.js";
import { KEY, positiveAt } from "./metadata.js";

/** live: all in blobs. archived: all in the archive. resumed: archive, then live output. pruned: a tombstone. */
export type SessionState = "live" | "archived" | "resumed" | "pruned";

export function isArchived(meta: Meta): boolean {
  return positiveAt(meta, KEY.archivedAt) !== undefined;
}

export function isPruned(meta: Meta): boolean {
  return positiveAt(meta, KEY.prunedAt) !== undefined;
}

/** Pruned, and its bytes given up. */
export function isPurged(meta: Meta): boolean {
  return isPruned(meta) && !isArchived(meta);
}

/** The state by the metadata alone: what lists and sweeps go by. */
export function stateOf(meta: Meta): SessionState {
  if (isPruned(meta)) return "pruned";
  if (!isArchived(meta)) return "live";
  return positiveAt(meta, KEY.resumedAt) === undefined ? "archived" : "resumed";
}

/** Being removed: nothing of it can be read any more. */
export function isRemoving(meta: Meta): boolean {
  return positiveAt(meta, KEY.removingAt) !== undefined;
}
