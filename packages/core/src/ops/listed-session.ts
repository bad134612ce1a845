/** What lists show of one session. */
import type { Context } from "../context.js";
import { type Facts, factsIn } from "../format/origin.js";
import type { StoredObject } from "../ports.js";
import { countAt, KEY, positiveAt, stringAt, stringsAt } from "../session/metadata.js";
import { isPinned } from "../session/policy.js";
import type { SessionSizes } from "../session/session-sizes.js";
import { isForgotten, type SessionState } from "../session/state.js";
import { undoableUntil } from "./prune/prune-limits.js";

/** Sizes in bytes, times in unix ms. */
export interface ListedSession {
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
  readonly pinned: boolean;
  readonly prunedAt: number | null;
  /** When it was forgotten; `null` if it was not, or has new output since. */
  readonly forgottenAt: number | null;
  /**
   * The tombstone can be taken back at least until then. `null`: no tombstone, no end, or nothing left to take back.
   */
  readonly undoableUntil: number | null;
  /**
   * The facts that the `describe` hook extracted when the session was last imported or archived. `listNewest` gives them
   * without the value `state`.
   */
  readonly facts: Facts | null;
  /** Other ids under which the session may be asked for: those that it had before. */
  readonly aliases: readonly string[];
}

export function listedSession(
  ctx: Context,
  { id, meta }: Pick<StoredObject, "id" | "meta">,
  { state, rawBytes, liveBytes }: SessionSizes,
): ListedSession {
  const archiveBytes = countAt(meta, KEY.archiveBytes) ?? 0;
  return {
    id,
    state,
    lineCount: countAt(meta, KEY.lineCount) ?? 0,
    rawBytes,
    liveBytes,
    archiveBytes,
    totalBytes: liveBytes + archiveBytes,
    startedAt: positiveAt(meta, KEY.startedAt) ?? null,
    lastActivityMs: positiveAt(meta, KEY.lastActivity) ?? null,
    archivedAt: positiveAt(meta, KEY.archivedAt) ?? null,
    archiveKey: stringAt(meta, KEY.archiveKey) ?? null,
    pinned: isPinned(meta),
    prunedAt: positiveAt(meta, KEY.prunedAt) ?? null,
    forgottenAt: isForgotten(meta) ? (positiveAt(meta, KEY.forgottenAt) ?? null) : null,
    undoableUntil: undoableUntil(meta, ctx.policy),
    facts: factsIn(meta[KEY.facts]) ?? null,
    aliases: stringsAt(meta, KEY.aliases),
  };
}
