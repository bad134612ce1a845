/** State, sizes and times of one session. */
import type { Context } from "../context.js";
import { type Facts, factsIn } from "../format/origin.js";
import type { Meta, OpOptions } from "../ports.js";
import { sizesOf } from "../session/file-state.js";
import { type KeptVersion, keptVersions } from "../session/kept-versions.js";
import { knownWholeAt } from "../session/known-whole.js";
import { type Lost, lostIn } from "../session/lost.js";
import { countAt, KEY, positiveAt, stringAt, stringsAt } from "../session/metadata.js";
import { isPinned } from "../session/policy.js";
import { type SalvageNote, salvageNotes } from "../session/salvage-notes.js";
import { type Snapshot, takeSnapshot } from "../session/snapshot.js";
import { fileSize } from "../session/snapshot-facts.js";
import { hasOriginals, isForgotten, type SessionState, stateOf } from "../session/state.js";
import { undoableUntil } from "./prune/prune-limits.js";

/** Sizes in bytes, times in unix ms. */
export interface SessionInfo {
  readonly id: string;
  readonly state: SessionState;
  readonly lineCount: number;
  /** Raw bytes that a full read gives; for a pruned session, those that it held. */
  readonly rawBytes: number;
  /** Bytes in live blobs. */
  readonly liveBytes: number;
  /** Bytes in the sink: archive and manifest. */
  readonly archiveBytes: number;
  /** `liveBytes` and `archiveBytes` together. */
  readonly totalBytes: number;
  readonly startedAt: number | null;
  readonly lastActivityMs: number | null;
  readonly archivedAt: number | null;
  readonly archiveKey: string | null;
  /**
   * Every byte that is archived of it, kept versions included, was read and found right at this time or later. `null`:
   * nothing is archived, or it is not known.
   */
  readonly knownWholeAt: number | null;
  /** When output was first added to the archived session. */
  readonly resumedAt: number | null;
  readonly pinned: boolean;
  readonly prunedAt: number | null;
  readonly pruneReason: string | null;
  /** When its bytes were given up for good; `null` if it has new output since. */
  readonly purgedAt: number | null;
  /** When it was forgotten; `null` if it was not, or has new output since. */
  readonly forgottenAt: number | null;
  /**
   * The tombstone can be taken back at least until then. `null`: no tombstone, no end, or nothing left to take back.
   */
  readonly undoableUntil: number | null;
  /** What was given up; `null` if nothing was. It stays on record when the session is written to again. */
  readonly lost: Lost | null;
  /** Earlier outputs that are kept, oldest first; imports have replaced them because their source was rewritten. */
  readonly versions: readonly KeptVersion[];
  /** What salvages of damaged archives could not bring back, oldest first. */
  readonly salvaged: readonly SalvageNote[];
  /** The facts that the `describe` hook extracted when the session was last imported or archived. */
  readonly facts: Facts | null;
  /** Other ids under which the session may be asked for: those that it had before. */
  readonly aliases: readonly string[];
  readonly meta: Meta;
}

export async function sessionInfo(ctx: Context, id: string, op?: OpOptions): Promise<SessionInfo> {
  return infoOf(ctx, await takeSnapshot(ctx, id, op));
}

export function infoOf(ctx: Context, snapshot: Snapshot): SessionInfo {
  const { id, meta } = snapshot.object;
  const state = liveState(snapshot);
  const whole = snapshot.files.reduce((sum, file) => sum + fileSize(file), 0);
  const archiveBytes = countAt(meta, KEY.archiveBytes) ?? 0;
  const liveBytes = snapshot.files.reduce((sum, file) => sum + ("blob" in file ? file.blob.size : 0), 0);
  return {
    id,
    state,
    lineCount: countAt(meta, KEY.lineCount) ?? 0,
    rawBytes: state === "pruned" ? (countAt(meta, KEY.archivedRawBytes) ?? 0) : whole,
    liveBytes,
    archiveBytes,
    totalBytes: liveBytes + archiveBytes,
    startedAt: positiveAt(meta, KEY.startedAt) ?? null,
    lastActivityMs: positiveAt(meta, KEY.lastActivity) ?? null,
    archivedAt: positiveAt(meta, KEY.archivedAt) ?? null,
    archiveKey: stringAt(meta, KEY.archiveKey) ?? null,
    knownWholeAt: knownWholeAt(meta) ?? null,
    resumedAt: positiveAt(meta, KEY.resumedAt) ?? null,
    pinned: isPinned(meta),
    prunedAt: positiveAt(meta, KEY.prunedAt) ?? null,
    pruneReason: stringAt(meta, KEY.pruneReason) ?? null,
    purgedAt: positiveAt(meta, KEY.purgedAt) ?? null,
    forgottenAt: isForgotten(meta) ? (positiveAt(meta, KEY.forgottenAt) ?? null) : null,
    undoableUntil: undoableUntil(meta, ctx.policy),
    lost: lostIn(meta),
    versions: keptVersions(snapshot),
    salvaged: salvageNotes(meta),
    facts: factsIn(meta[KEY.facts]) ?? null,
    aliases: stringsAt(meta, KEY.aliases),
    meta,
  };
}

/** The state by metadata and blobs: new output counts even before it is noted. */
function liveState({ object, files }: Snapshot): SessionState {
  const state = stateOf(object.meta);
  const isWritten = files.some((file) => file.kind === "continuation");
  if (state === "archived" || state === "resumed") {
    if (isWritten) return "resumed";
    return hasOriginals(object.meta) ? "mirrored" : "archived";
  }
  if (state !== "pruned" || !files.some((file) => sizesOf(file).live > 0)) return state;
  return isWritten ? "resumed" : "live";
}
