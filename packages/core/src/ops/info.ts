/** State, sizes and times of one session. */
import type { Context } from "../context.js";
import type { Meta, OpOptions } from "../ports.js";
import { type KeptVersion, keptVersions } from "../session/kept-versions.js";
import { knownWholeAt } from "../session/known-whole.js";
import { type Lost, lostIn } from "../session/lost.js";
import { KEY, positiveAt, stringAt } from "../session/metadata.js";
import { type SalvageNote, salvageNotes } from "../session/salvage-notes.js";
import { type SessionSizes, snapshotSizes } from "../session/session-sizes.js";
import { type Snapshot, takeSnapshot } from "../session/snapshot.js";
import { type ListedSession, listedSession } from "./listed-session.js";

/** Sizes in bytes, times in unix ms. */
export interface SessionInfo extends ListedSession {
  /**
   * Every byte that is archived of it, kept versions included, was read and found right at this time or later. `null`:
   * nothing is archived, or it is not known.
   */
  readonly knownWholeAt: number | null;
  /** When output was first added to the archived session. */
  readonly resumedAt: number | null;
  readonly pruneReason: string | null;
  /** When its bytes were given up for good; `null` if it has new output since. */
  readonly purgedAt: number | null;
  /** What was given up; `null` if nothing was. It stays on record when the session is written to again. */
  readonly lost: Lost | null;
  /** Earlier outputs that are kept, oldest first; imports have replaced them because their source was rewritten. */
  readonly versions: readonly KeptVersion[];
  /** What salvages of damaged archives could not bring back, oldest first. */
  readonly salvaged: readonly SalvageNote[];
  readonly meta: Meta;
}

export async function sessionInfo(ctx: Context, id: string, op?: OpOptions): Promise<SessionInfo> {
  return infoOf(ctx, await takeSnapshot(ctx, id, op));
}

export function infoOf(ctx: Context, snapshot: Snapshot, sizes: SessionSizes = snapshotSizes(snapshot)): SessionInfo {
  const { meta } = snapshot.object;
  return {
    ...listedSession(ctx, snapshot.object, sizes),
    knownWholeAt: knownWholeAt(meta) ?? null,
    resumedAt: positiveAt(meta, KEY.resumedAt) ?? null,
    pruneReason: stringAt(meta, KEY.pruneReason) ?? null,
    purgedAt: positiveAt(meta, KEY.purgedAt) ?? null,
    lost: lostIn(meta),
    versions: keptVersions(snapshot),
    salvaged: salvageNotes(meta),
    meta,
  };
}
