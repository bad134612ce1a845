/** What a prune is told: which archives may stay, and for how long tombstones keep their bytes. */
import type { Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import type { Meta, OpOptions } from "../../ports.js";
import { KEY, positiveAt } from "../../session/metadata.js";
import { days, type Policy } from "../../session/policy.js";
import type { PruneOrder } from "./victims.js";

export interface PruneOptions extends OpOptions {
  /** Stored bytes that may stay; the archiver's policy if not given. */
  readonly maxTotalBytes?: number | undefined;
  /** Also drop what is older than this, whatever the total. */
  readonly olderThanDays?: number | undefined;
  /** What age is: the time since the last activity ("activity", the default), or since the archive was made ("archived"). */
  readonly by?: PruneOrder | undefined;
  /**
   * Days from tombstone to deletion, also for tombstones that say otherwise. If not given: the archiver's policy, and no
   * tombstone's bytes go before the time that it says itself.
   */
  readonly graceDays?: number | undefined;
  /** Set tombstones, but give up no bytes. */
  readonly tombstonesOnly?: boolean | undefined;
}

/** How long tombstones keep their bytes. */
export interface Grace {
  readonly ms: number;
  /** Asked for in the call: it counts, whatever a tombstone says of itself. */
  readonly isGiven: boolean;
}

/** Whether the bytes of a tombstone may be given up now. */
export function isDue(meta: Meta, now: number, grace: Grace): boolean {
  const prunedAt = positiveAt(meta, KEY.prunedAt);
  if (prunedAt === undefined || now - prunedAt < grace.ms) return false;
  return grace.isGiven || now >= (positiveAt(meta, KEY.purgeAfter) ?? 0);
}

/** Until when a tombstone can surely be taken back; `null` if it has no end, or none is to be seen. */
export function undoableUntil(meta: Meta, policy: Policy): number | null {
  const prunedAt = positiveAt(meta, KEY.prunedAt);
  if (prunedAt === undefined || positiveAt(meta, KEY.archivedAt) === undefined) return null;
  // Older versions set tombstones that don't say.
  const until = positiveAt(meta, KEY.purgeAfter) ?? prunedAt + days(policy.graceDays);
  return Number.isFinite(until) ? until : null;
}

/** The limits that hold: the policy's where the options give none. `INVALID_ARGUMENT` if one makes no sense. */
export function pruneLimits(
  ctx: Context,
  options: PruneOptions,
): {
  readonly maxTotalBytes: number;
  readonly olderThanMs: number | undefined;
  readonly by: PruneOrder;
  readonly grace: Grace;
  readonly op: OpOptions;
} {
  const { by = "activity", olderThanDays, signal } = options;
  const maxTotalBytes = options.maxTotalBytes ?? ctx.policy.maxTotalBytes;
  const graceDays = options.graceDays ?? ctx.policy.graceDays;
  for (const [name, value] of Object.entries({ maxTotalBytes, graceDays, olderThanDays: olderThanDays ?? 0 })) {
    if (typeof value !== "number" || !(value >= 0)) {
      throw new ArchiverError("INVALID_ARGUMENT", `${name} must be a number of at least 0, is ${value}.`);
    }
  }
  if (by !== "activity" && by !== "archived") {
    throw new ArchiverError("INVALID_ARGUMENT", `by must be "activity" or "archived", is "${String(by)}".`);
  }
  return {
    maxTotalBytes,
    olderThanMs: olderThanDays === undefined ? undefined : days(olderThanDays),
    by,
    grace: { ms: days(graceDays), isGiven: options.graceDays !== undefined },
    op: { signal },
  };
}
