/** Options of a prune: which archives may stay, and how long tombstones keep their bytes. */
import type { Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import type { Meta, OpOptions } from "../../ports.js";
import { KEY, positiveAt } from "../../session/metadata.js";
import { days, type Policy } from "../../session/policy.js";
import type { PruneOrder } from "./victims.js";

export interface PruneOptions extends OpOptions {
  /** Archive bytes that may stay; the policy's value by default. */
  readonly maxTotalBytes?: number | undefined;
  /** Also prunes archives older than this many days, whatever the total. */
  readonly olderThanDays?: number | undefined;
  /** How age is measured: since the last activity ("activity", the default), or since archiving ("archived"). */
  readonly by?: PruneOrder | undefined;
  /**
   * Days from tombstone to deletion; if given, it overrides the times noted in tombstones. By default the policy's
   * value, and no bytes are deleted before the time noted in their tombstone.
   */
  readonly graceDays?: number | undefined;
  /** Sets tombstones, but deletes no bytes. */
  readonly tombstonesOnly?: boolean | undefined;
}

/** How long tombstones keep their bytes. */
export interface Grace {
  readonly ms: number;
  /** Given in the call, so it overrides the time noted in a tombstone. */
  readonly isGiven: boolean;
}

/** Whether the bytes of a tombstone may be given up now. */
export function isDue(meta: Meta, now: number, grace: Grace): boolean {
  const prunedAt = positiveAt(meta, KEY.prunedAt);
  if (prunedAt === undefined || now - prunedAt < grace.ms) return false;
  return grace.isGiven || now >= (positiveAt(meta, KEY.purgeAfter) ?? 0);
}

/**
 * The time until which a tombstone can certainly be taken back; `null` if there is no end, or no tombstone with bytes.
 */
export function undoableUntil(meta: Meta, policy: Policy): number | null {
  const prunedAt = positiveAt(meta, KEY.prunedAt);
  if (prunedAt === undefined || positiveAt(meta, KEY.archivedAt) === undefined) return null;
  // Tombstones of older versions don't note it.
  const until = positiveAt(meta, KEY.purgeAfter) ?? prunedAt + days(policy.graceDays);
  return Number.isFinite(until) ? until : null;
}

/** Whether a prune with these options sets tombstones at all. */
export function isLimited(ctx: Context, { maxTotalBytes, olderThanDays }: PruneOptions): boolean {
  return (maxTotalBytes ?? ctx.policy.maxTotalBytes) < Number.POSITIVE_INFINITY || olderThanDays !== undefined;
}

/** The limits in effect: from the options, or else the policy. `INVALID_ARGUMENT` for an impossible one. */
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
