/** Chooses the archives that a prune drops, and the tombstones whose bytes it gives up. Changes nothing. */
import type { Context } from "../../context.js";
import type { Meta, ObjectQuery, OpOptions } from "../../ports.js";
import { countAt, KEY, numberAt, positiveAt, sweepIndex } from "../../session/metadata.js";
import { isPinned } from "../../session/policy.js";
import { stateOf } from "../../session/state.js";
import { type Candidate, type CandidateList, candidateList } from "./candidates.js";
import { type Grace, isDue, isLimited, type PruneOptions, pruneLimits } from "./prune-limits.js";
import { type PruneLimits, type PruneOrder, pruneVictims } from "./victims.js";

/** What every step of a plan says about its session. Times in unix ms; `null`: none, or unknown. */
export interface StepFacts {
  readonly id: string;
  readonly lastActivityMs: number | null;
  readonly archivedAt: number | null;
  /** Archive bytes, manifest included; 0 if there is no archive. A purge frees them. */
  readonly archiveBytes: number;
}

/** A session that is archived before the prune. */
export interface Coming extends StepFacts {
  /**
   * Archive bytes that archiving is expected to add: the live bytes multiplied by the ratio of the store's archives, or
   * by a fifth if it has none.
   */
  readonly estimatedArchiveBytes: number;
}

/** What a prune would do to one session. */
export interface PruneStep extends StepFacts {
  /** prune: sets the tombstone. purge: gives up the bytes, as the grace period is over. */
  readonly action: "prune" | "purge";
  readonly reason: string;
  /** When the tombstone was set; `null` if it has yet to be set. */
  readonly prunedAt: number | null;
}

export function factsOf(id: string, meta: Meta): StepFacts {
  return {
    id,
    lastActivityMs: positiveAt(meta, KEY.lastActivity) ?? null,
    archivedAt: positiveAt(meta, KEY.archivedAt) ?? null,
    archiveBytes: countAt(meta, KEY.archiveBytes) ?? 0,
  };
}

/** How many of the oldest archives are looked at first. */
const FIRST_LOOK = 1000;
/** How many times as many as seem to be needed are looked at next: not all are of one size, or may be dropped. */
const MARGIN = 1.1;
/** Each look is larger than the last at least this many times, so that few are needed whatever the sizes. */
const LEAST_GROWTH = 4;

/** How many times as many candidates as were asked for are held, at most, before those that are too many are left out. */
const MORE_THAN_MOST = 1.25;

interface Looked {
  readonly purges: readonly PruneStep[];
  readonly candidates: CandidateList;
  /** Of the archives that were listed and count toward the cap. */
  readonly count: number;
}

interface Keep {
  readonly maxTotalBytes: number;
  readonly olderThan: number | undefined;
  readonly by: PruneOrder;
}

/**
 * The steps of a prune with these options, in order: purges, then new tombstones, oldest archive first. `coming`:
 * sessions that are archived before the prune; in their prune steps, `archiveBytes` is an estimate and `archivedAt` is
 * `null`.
 */
export async function planPrune(
  ctx: Context,
  options: PruneOptions = {},
  coming: readonly Coming[] = [],
): Promise<readonly PruneStep[]> {
  const { maxTotalBytes, olderThanMs, by, grace, op } = pruneLimits(ctx, options);
  const now = ctx.now();
  const olderThan = olderThanMs === undefined ? undefined : now - olderThanMs;
  const keep: Keep = { maxTotalBytes, olderThan, by };
  const hasLimits = isLimited(ctx, options);
  // Stores find archives by activity, and only some keep a sum. In all other cases everything must be listed; then one
  // listing is enough.
  const listAll = hasLimits && (by === "archived" || !ctx.objects.archiveBytes);
  const query = listAll ? undefined : { prunedBefore: now - grace.ms };
  const later = hasLimits ? coming.map((step) => listedLater(step, now)) : [];
  const { purges, candidates } = await look(ctx, query, later, grace, op);
  const prunes = !hasLimits
    ? []
    : listAll
      ? stepsFor(withLater(candidates, later), keep)
      : await oldestVictims(ctx, keep, later, grace, op);
  return options.tombstonesOnly ? prunes : [...purges, ...prunes];
}

/** Of the listed sessions: those whose grace period is over, and the archives that count toward the cap, without `later`. */
async function look(
  ctx: Context,
  query: ObjectQuery | undefined,
  later: readonly Candidate[],
  grace: Grace,
  op: OpOptions,
): Promise<Looked> {
  const purges: PruneStep[] = [];
  const candidates = candidateList();
  const comeLater = new Set(later.map(({ id }) => id));
  const most = query?.oldestArchivesLimit ?? Number.POSITIVE_INFINITY;
  let count = 0;
  for await (const { id, meta } of ctx.objects.list(query, op)) {
    const { keptActivityMs, prunedAtMs, archiveBytes } = sweepIndex(meta);
    if (prunedAtMs !== null && isDue(meta, ctx.now(), grace)) {
      purges.push({ ...factsOf(id, meta), action: "purge", reason: "grace period over", prunedAt: prunedAtMs });
    }
    if (keptActivityMs === null) continue;
    count++;
    if (comeLater.has(id)) continue;
    candidates.add({
      id,
      lastActivityMs: keptActivityMs,
      archivedAt: positiveAt(meta, KEY.archivedAt) ?? 0,
      archiveBytes,
      protected: isPinned(meta) || stateOf(meta) !== "archived" || numberAt(meta, KEY.settlingAt) !== undefined,
      isTimed: positiveAt(meta, KEY.lastActivity) !== undefined,
    });
    // A store may list more than it was asked for.
    if (candidates.length >= most * MORE_THAN_MOST) candidates.keepOldest(most);
  }
  candidates.keepOldest(most);
  return { purges, candidates, count };
}

function stepsFor(candidates: CandidateList, keep: Keep, totalBytes = candidates.totalBytes): readonly PruneStep[] {
  const limits: PruneLimits = { ...keep, totalBytes };
  return Array.from(pruneVictims(candidates.oldestFirst(keep.by), limits), ({ candidate, reason }) => {
    const { id, isTimed, lastActivityMs, archivedAt, archiveBytes, estimatedArchiveBytes } = candidate;
    return {
      id,
      lastActivityMs: isTimed ? lastActivityMs : null,
      archivedAt: (estimatedArchiveBytes === undefined && archivedAt) || null,
      archiveBytes,
      action: "prune",
      reason,
      prunedAt: null,
    };
  });
}

/** The archive as it will be listed once it is made. */
function listedLater({ id, lastActivityMs, archiveBytes, estimatedArchiveBytes }: Coming, now: number): Candidate {
  return {
    id,
    lastActivityMs: lastActivityMs ?? now,
    archivedAt: now,
    archiveBytes: archiveBytes + estimatedArchiveBytes,
    protected: false,
    isTimed: lastActivityMs !== null,
    estimatedArchiveBytes,
  };
}

function withLater(candidates: CandidateList, later: readonly Candidate[]): CandidateList {
  for (const one of later) candidates.add(one);
  return candidates;
}

/** The victims that a look at all archives would choose, found among as few of the oldest as possible. */
async function oldestVictims(
  ctx: Context,
  keep: Keep,
  later: readonly Candidate[],
  grace: Grace,
  op: OpOptions,
): Promise<readonly PruneStep[]> {
  const added = later.reduce((bytes, { estimatedArchiveBytes = 0 }) => bytes + estimatedArchiveBytes, 0);
  const sum = async (): Promise<number> => ((await ctx.objects.archiveBytes?.(op)) ?? 0) + added;
  if (keep.olderThan === undefined && (await sum()) <= keep.maxTotalBytes) return [];
  for (let limit = FIRST_LOOK; ; ) {
    const { candidates, count } = await look(ctx, { oldestArchivesLimit: limit }, later, grace, op);
    // After the listing: what others prune meanwhile then makes this one prune less, not more.
    const totalBytes = await sum();
    const isAll = count < limit;
    const until = isAll ? Number.POSITIVE_INFINITY : candidates.newestMs;
    const certain = withLater(
      candidates,
      later.filter(({ lastActivityMs }) => lastActivityMs <= until),
    );
    const chosen = stepsFor(certain, keep, totalBytes);
    if (isAll || chosen.length < certain.open) return chosen;
    const excess = totalBytes - keep.maxTotalBytes;
    const seemNeeded = certain.totalBytes > 0 ? (excess / certain.totalBytes) * certain.length : 0;
    limit = Math.ceil(Math.max(limit * LEAST_GROWTH, seemNeeded * MARGIN));
  }
}
