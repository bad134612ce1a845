/** What a session is now: the row of a list. */
import type { Context } from "../context.js";
import { type Facts, factsIn } from "../format/origin.js";
import type { Meta, OpOptions } from "../ports.js";
import { sizesOf } from "../session/file-state.js";
import { type KeptVersion, keptVersions } from "../session/kept-versions.js";
import { type Lost, lostIn } from "../session/lost.js";
import { countAt, KEY, positiveAt, stringAt, stringsAt } from "../session/metadata.js";
import { isPinned } from "../session/policy.js";
import { type Snapshot, takeSnapshot } from "../session/snapshot.js";
import { fileSize } from "../session/snapshot-facts.js";
import { type SessionState, stateOf } from "../session/state.js";
import { undoableUntil } from "./prune/prune-limits.js";

/** Sizes in bytes, times in unix ms. */
export interface SessionInfo {
  readonly id: string;
  readonly state: SessionState;
  readonly lineCount: number;
  /** Raw bytes: what a full read gives; of a pruned session what it held. */
  readonly rawBytes: number;
  /** Bytes in live blobs. */
  readonly liveBytes: number;
  /** Bytes in the sink: archive and manifest. */
  readonly archiveBytes: number;
  /** Both together: what the session takes up now. */
  readonly totalBytes: number;
  readonly startedAt: number | null;
  readonly lastActivityMs: number | null;
  readonly archivedAt: number | null;
  readonly archiveKey: string | null;
  /** When output came after the archive. */
  readonly resumedAt: number | null;
  readonly pinned: boolean;
  readonly prunedAt: number | null;
  readonly pruneReason: string | null;
  /** When its bytes were given up for good, if it has no new ones since. */
  readonly purgedAt: number | null;
  /** Until then at least a tombstone can be taken back; `null` where there is none, or no end to it, or nothing left. */
  readonly undoableUntil: number | null;
  /** What was given up of it; `null` if nothing was. It stays on record when the session is written to again. */
  readonly lost: Lost | null;
  /** Earlier outputs that are kept, oldest first: an import has found another where they came from. */
  readonly versions: readonly KeptVersion[];
  /** What the `describe` hook has noted last: of the session as it was imported or archived last. */
  readonly facts: Facts | null;
  /** Other ids under which it may be asked for: those that it had before. */
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
    resumedAt: positiveAt(meta, KEY.resumedAt) ?? null,
    pinned: isPinned(meta),
    prunedAt: positiveAt(meta, KEY.prunedAt) ?? null,
    pruneReason: stringAt(meta, KEY.pruneReason) ?? null,
    purgedAt: positiveAt(meta, KEY.purgedAt) ?? null,
    undoableUntil: undoableUntil(meta, ctx.policy),
    lost: lostIn(meta),
    versions: keptVersions(snapshot),
    facts: factsIn(meta[KEY.facts]) ?? null,
    aliases: stringsAt(meta, KEY.aliases),
    meta,
  };
}

/** The state by metadata and blobs: new output shows even before it is noted. */
function liveState({ object, files }: Snapshot): SessionState {
  const state = stateOf(object.meta);
  const isWritten = files.some((file) => file.kind === "continuation");
  if (state === "archived" || state === "resumed") return isWritten ? "resumed" : "archived";
  if (state !== "pruned" || !files.some((file) => sizesOf(file).live > 0)) return state;
  return isWritten ? "resumed" : "live";
}
