/** Which changes of a session must be on record in the sink before they are committed. Pure. */

import type { Meta } from "../ports.js";
import { givenUpBy, givenUpKeys } from "../session/archive-keys.js";
import { KEY, positiveAt, stringAt, withKeys } from "../session/metadata.js";
import { isPinned } from "../session/policy.js";
import { isArchived, isPruned, isPurged, isRemoving } from "../session/state.js";

/** One session's part in a run. Times are unix ms, sizes bytes. */
export interface Change {
  /** Session id. */
  readonly id: string;
  readonly change: ChangeKind;
  /** Bytes of the archive that is given up, or that may be had back. */
  readonly archiveBytes?: number;
  /** Sink keys that are given up: of this change, and of earlier ones whose objects may still be there. */
  readonly keys?: readonly string[];
  /** Sink key of the manifest that the session had until a restore, or whose archive new output continues. */
  readonly archive?: string;
  /** What stays in the catalogue of a session whose archive is given up for good. */
  readonly meta?: Meta;
  /** From the tombstone that was set or taken back. */
  readonly reason?: string;
  readonly prunedAt?: number;
  /** When the archive was made on which a tombstone was set. */
  readonly archivedAt?: number;
  readonly purgeAfter?: number;
}

/**
 * pruned: a tombstone was set. unpruned: it was taken back. purged: the archive was given up for good. restored: the
 * archive was given up for live bytes. resumed: there is new output beside the archive, or after a purge; on record so that
 * a catalogue which is made anew can say what it lacks. removed: the session is gone. collected: archive objects that the session does
 * not need were deleted. updated: reserved for changes of other metadata.
 */
export type ChangeKind =
  | "pruned"
  | "unpruned"
  | "purged"
  | "restored"
  | "resumed"
  | "removed"
  | "collected"
  | "pinned"
  | "unpinned"
  | "updated";

/** The changes in a commit from `before` to `after` that no manifest records. */
export function changesOf(id: string, before: Meta, after: Meta): readonly Change[] {
  const changes: Change[] = [];
  if (isRemoving(after)) return changes; // the removal puts itself on record
  const archiveBytes = positiveAt(before, KEY.archiveBytes) ?? 0;
  const keys = [...new Set([...givenUpBy(id, before, after), ...givenUpKeys(id, after)])];
  const manifest = stringAt(before, KEY.manifestKey);
  const archive = manifest === undefined ? {} : { archive: manifest };
  if (!isPruned(before) && isPruned(after)) changes.push(tombstone(id, after, archiveBytes));
  if (!isPurged(before) && isPurged(after)) {
    changes.push({ id, change: "purged", archiveBytes, keys, ...metaAfterPurge(after) });
  } else if (isArchived(before) && !isArchived(after)) {
    changes.push({ id, change: "restored", archiveBytes, keys, ...archive });
  }
  if (isPruned(before) && isArchived(before) && !isPruned(after)) {
    const prunedAt = positiveAt(before, KEY.prunedAt);
    changes.push({ id, change: "unpruned", archiveBytes, ...(prunedAt === undefined ? {} : { prunedAt }) });
  }
  if (isRevived(before, after)) changes.push({ id, change: "resumed" });
  else if (isNewlyResumed(before, after)) changes.push({ id, change: "resumed", ...archive });
  if (isPinned(before) !== isPinned(after)) changes.push({ id, change: isPinned(after) ? "pinned" : "unpinned" });
  return changes;
}

/** Whether the change may go unrecorded if the sink has no room for it, or can't be reached: it gives nothing up. */
export function isDispensable({ change }: Change): boolean {
  return change === "resumed";
}

function isRevived(before: Meta, after: Meta): boolean {
  return isPurged(before) && !isPruned(after) && !isArchived(after);
}

function isNewlyResumed(before: Meta, after: Meta): boolean {
  const isMarked = (meta: Meta): boolean => positiveAt(meta, KEY.resumedAt) !== undefined;
  return isArchived(before) && isArchived(after) && !isMarked(before) && isMarked(after);
}

/** Hosts may keep any amount of metadata; of a session with more JSON than this only the archiver's own keys are kept. */
const MOST_META = 32 * 1024;

/** The part of the metadata that a catalogue needs to show a purged session. */
export function metaAfterPurge(purged: Meta): Pick<Change, "meta"> {
  const meta = withKeys(purged, { [KEY.givenUp]: null, [KEY.condemned]: null });
  if (JSON.stringify(meta).length <= MOST_META) return { meta };
  const own = new Set<string>(Object.values(KEY));
  const large = new Set<string>([KEY.facts, KEY.members]);
  return { meta: Object.fromEntries(Object.entries(meta).filter(([key]) => own.has(key) && !large.has(key))) };
}

function tombstone(id: string, meta: Meta, archiveBytes: number): Change {
  const reason = stringAt(meta, KEY.pruneReason);
  const prunedAt = positiveAt(meta, KEY.prunedAt);
  const purgeAfter = positiveAt(meta, KEY.purgeAfter);
  const archivedAt = positiveAt(meta, KEY.archivedAt);
  return {
    id,
    change: "pruned",
    archiveBytes,
    ...(reason === undefined ? {} : { reason }),
    ...(prunedAt === undefined ? {} : { prunedAt }),
    ...(purgeAfter === undefined ? {} : { purgeAfter }),
    ...(archivedAt === undefined ? {} : { archivedAt }),
  };
}
