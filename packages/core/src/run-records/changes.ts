/** Which changes of a session must be on record in the sink before they are committed. Pure. */

import type { Meta } from "../ports.js";
import { givenUpBy } from "../session/archive-keys.js";
import { KEY, positiveAt, stringAt } from "../session/metadata.js";
import { isPinned } from "../session/policy.js";
import { isArchived, isPruned, isPurged, isRemoving } from "../session/state.js";

/** One session's part in a run. Times are unix ms, sizes bytes. */
export interface Change {
  /** Session id. */
  readonly id: string;
  readonly change: ChangeKind;
  /** Stored bytes of the archive that is given up, or may be had back. */
  readonly archiveBytes?: number;
  /** Sink keys that are given up. */
  readonly keys?: readonly string[];
  /** Of the tombstone that was set or taken back. */
  readonly reason?: string;
  readonly prunedAt?: number;
  readonly purgeAfter?: number;
}

/**
 * pruned: a tombstone was set. unpruned: it was taken back. purged: the archive was given up for good. restored: the archive
 * was given up for live bytes. removed: the session is gone. collected: archive objects were deleted that the session does not
 * need. updated: reserved for changes of other metadata.
 */
export type ChangeKind =
  | "pruned"
  | "unpruned"
  | "purged"
  | "restored"
  | "removed"
  | "collected"
  | "pinned"
  | "unpinned"
  | "updated";

/** What a commit from `before` to `after` changes that no manifest can tell. */
export function changesOf(id: string, before: Meta, after: Meta): readonly Change[] {
  const changes: Change[] = [];
  if (isRemoving(after)) return changes; // the removal says so itself
  const archiveBytes = positiveAt(before, KEY.archiveBytes) ?? 0;
  if (!isPurged(before) && isPurged(after)) {
    changes.push({ id, change: "purged", archiveBytes, keys: givenUpBy(id, before, after) });
  } else if (isArchived(before) && !isArchived(after)) {
    changes.push({ id, change: "restored", archiveBytes, keys: givenUpBy(id, before, after) });
  }
  if (!isPruned(before) && isPruned(after)) changes.push(tombstone(id, after, archiveBytes));
  if (isPruned(before) && isArchived(before) && !isPruned(after)) {
    const prunedAt = positiveAt(before, KEY.prunedAt);
    changes.push({ id, change: "unpruned", archiveBytes, ...(prunedAt === undefined ? {} : { prunedAt }) });
  }
  if (isPinned(before) !== isPinned(after)) changes.push({ id, change: isPinned(after) ? "pinned" : "unpinned" });
  return changes;
}

function tombstone(id: string, meta: Meta, archiveBytes: number): Change {
  const reason = stringAt(meta, KEY.pruneReason);
  const prunedAt = positiveAt(meta, KEY.prunedAt);
  const purgeAfter = positiveAt(meta, KEY.purgeAfter);
  return {
    id,
    change: "pruned",
    archiveBytes,
    ...(reason === undefined ? {} : { reason }),
    ...(prunedAt === undefined ? {} : { prunedAt }),
    ...(purgeAfter === undefined ? {} : { purgeAfter }),
  };
}
