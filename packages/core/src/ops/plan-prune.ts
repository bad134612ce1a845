/** Which archives a prune drops, and whose bytes it gives up. Changes nothing. */
import type { Context } from "../context.js";
import { ArchiverError } from "../errors.js";
import { countAt, KEY, numberAt, positiveAt, sweepIndex } from "../metadata.js";
import { type Candidate, days, isPinned, oldestFirst, type Policy, type Victim, victims } from "../policy.js";
import type { ObjectQuery, OpOptions } from "../ports.js";
import { stateOf } from "../session.js";

export interface PruneOptions extends OpOptions {
  /** Stored bytes that may stay; the archiver's policy if not given. */
  readonly maxTotalBytes?: number | undefined;
  /** Also drop what was archived longer ago than this, whatever the total. */
  readonly olderThanDays?: number | undefined;
  /** Days from tombstone to deletion; the archiver's policy if not given. */
  readonly graceDays?: number | undefined;
}

/** What a prune would do to one session. */
export interface PruneStep {
  readonly id: string;
  /** prune: set the tombstone. purge: the grace period is over, give up the bytes. */
  readonly action: "prune" | "purge";
  readonly reason: string;
  /** Stored bytes that are freed, at once or after the grace period. */
  readonly archiveBytes: number;
}

/** How many of the oldest archives are looked at first. */
const FIRST_LOOK = 1000;

/** The steps of a prune with these options, in order: purges, then new tombstones, oldest archive first. */
export async function planPrune(ctx: Context, options: PruneOptions = {}): Promise<readonly PruneStep[]> {
  const limits = pruneLimits(ctx, options);
  const now = ctx.now();
  const prunedSince = now - limits.graceMs;
  const olderThan = limits.olderThanDays === undefined ? undefined : now - days(limits.olderThanDays);
  const keep = { maxTotalBytes: limits.maxTotalBytes, olderThan };
  // A store that keeps no sum has to be listed as a whole; then once is enough.
  const query = ctx.objects.storedBytes ? { prunedSince } : undefined;
  const { purges, candidates } = await look(ctx, query, prunedSince, limits.op);
  const chosen = query ? await oldestVictims(ctx, keep, limits.op) : victims(candidates, keep);
  const prunes = chosen.map(
    ({ id, reason, storedBytes }): PruneStep => ({ id, action: "prune", reason, archiveBytes: storedBytes }),
  );
  return [...purges, ...prunes];
}

/** Of the listed sessions those whose grace period is over, and the archives that count toward the cap. */
async function look(
  ctx: Context,
  query: ObjectQuery | undefined,
  prunedSince: number,
  op: OpOptions,
): Promise<{ readonly purges: readonly PruneStep[]; readonly candidates: readonly Candidate[] }> {
  const purges: PruneStep[] = [];
  const candidates: Candidate[] = [];
  for await (const { id, meta } of ctx.objects.list(query, op)) {
    const { keptActivityMs, prunedAtMs, storedBytes } = sweepIndex(meta);
    if (prunedAtMs !== null && prunedAtMs <= prunedSince) {
      const archiveBytes = countAt(meta, KEY.storedBytes) ?? 0;
      purges.push({ id, action: "purge", reason: "grace period over", archiveBytes });
    }
    if (keptActivityMs === null) continue;
    const isProtected = isPinned(meta) || stateOf(meta) !== "archived" || numberAt(meta, KEY.settlingAt) !== undefined;
    const archivedAt = positiveAt(meta, KEY.archivedAt) ?? 0;
    candidates.push({ id, lastActivityMs: keptActivityMs, archivedAt, storedBytes, protected: isProtected });
  }
  return { purges, candidates };
}

/** The same victims as of all archives, found among as few of the oldest as will do. */
async function oldestVictims(
  ctx: Context,
  keep: { readonly maxTotalBytes: number; readonly olderThan: number | undefined },
  op: OpOptions,
): Promise<readonly Victim[]> {
  const sum = async (): Promise<number> => (await ctx.objects.storedBytes?.(op)) ?? 0;
  if (keep.olderThan === undefined && (await sum()) <= keep.maxTotalBytes) return [];
  for (let count = FIRST_LOOK; ; count *= 4) {
    const { candidates } = await look(ctx, { oldestArchives: count }, Number.NEGATIVE_INFINITY, op);
    // After the listing: what others prune meanwhile then makes this one prune less, not more.
    const totalBytes = await sum();
    // Beyond as many as were asked for, a store may leave some out.
    const certain = oldestFirst(candidates).slice(0, count);
    const chosen = victims(certain, { ...keep, totalBytes });
    const isAll = candidates.length < count;
    if (isAll || chosen.length < certain.filter((candidate) => !candidate.protected).length) return chosen;
  }
}

/** The limits that hold: the policy's where the options give none. `INVALID_ARGUMENT` if one makes no sense. */
export function pruneLimits(
  ctx: Context,
  options: PruneOptions,
): { maxTotalBytes: number; olderThanDays: number | undefined; graceMs: number; op: OpOptions } {
  const { maxTotalBytes, graceDays }: Policy = {
    ...ctx.policy,
    ...(options.maxTotalBytes === undefined ? {} : { maxTotalBytes: options.maxTotalBytes }),
    ...(options.graceDays === undefined ? {} : { graceDays: options.graceDays }),
  };
  for (const [name, value] of Object.entries({ maxTotalBytes, graceDays, olderThanDays: options.olderThanDays ?? 0 })) {
    if (typeof value !== "number" || !(value >= 0)) {
      throw new ArchiverError("INVALID_ARGUMENT", `${name} must be a number of at least 0, is ${value}.`);
    }
  }
  return {
    maxTotalBytes,
    olderThanDays: options.olderThanDays,
    graceMs: days(graceDays),
    op: { signal: options.signal },
  };
}
