/** Chooses the archives that a prune drops, and the tombstones whose bytes it gives up. Changes nothing. */
import type { Context } from "../../context.js";
import type { Meta, ObjectQuery, OpOptions } from "../../ports.js";
import { countAt, KEY, numberAt, positiveAt, sweepIndex } from "../../session/metadata.js";
import { isPinned } from "../../session/policy.js";
import { stateOf } from "../../session/state.js";
import { type Grace, isDue, isLimited, type PruneOptions, pruneLimits } from "./prune-limits.js";
import { oldestFirst, type PruneCandidate, type PruneLimits, type PruneOrder, pruneVictims } from "./victims.js";

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

/** An archive that may be dropped. A hundred thousand may be held. */
interface Listed extends PruneCandidate {
  /** Whether the session's last activity is known. */
  readonly isTimed: boolean;
  /** If it is yet to be made, or added to: about how many bytes that adds. */
  readonly estimatedArchiveBytes?: number;
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
  const { purges, candidates } = await look(ctx, query, grace, op);
  const archivedLater = hasLimits ? coming.map((step) => listedLater(step, now)) : [];
  const prunes = !hasLimits
    ? []
    : listAll
      ? stepsFor(together(candidates, archivedLater), keep)
      : await oldestVictims(ctx, keep, archivedLater, grace, op);
  return options.tombstonesOnly ? prunes : [...purges, ...prunes];
}

/** Of the listed sessions: those whose grace period is over, and the archives that count toward the cap. */
async function look(
  ctx: Context,
  query: ObjectQuery | undefined,
  grace: Grace,
  op: OpOptions,
): Promise<{ readonly purges: readonly PruneStep[]; readonly candidates: readonly Listed[] }> {
  const purges: PruneStep[] = [];
  const candidates: Listed[] = [];
  for await (const { id, meta } of ctx.objects.list(query, op)) {
    const { keptActivityMs, prunedAtMs, archiveBytes } = sweepIndex(meta);
    if (prunedAtMs !== null && isDue(meta, ctx.now(), grace)) {
      purges.push({ ...factsOf(id, meta), action: "purge", reason: "grace period over", prunedAt: prunedAtMs });
    }
    if (keptActivityMs === null) continue;
    candidates.push({
      id,
      lastActivityMs: keptActivityMs,
      archivedAt: positiveAt(meta, KEY.archivedAt) ?? 0,
      archiveBytes,
      protected: isPinned(meta) || stateOf(meta) !== "archived" || numberAt(meta, KEY.settlingAt) !== undefined,
      isTimed: positiveAt(meta, KEY.lastActivity) !== undefined,
    });
  }
  return { purges, candidates };
}

function stepsFor(listed: readonly Listed[], limits: PruneLimits): readonly PruneStep[] {
  return Array.from(pruneVictims(listed, limits), ({ candidate, reason }) => {
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
function listedLater({ id, lastActivityMs, archiveBytes, estimatedArchiveBytes }: Coming, now: number): Listed {
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

function together(listed: readonly Listed[], later: readonly Listed[]): readonly Listed[] {
  if (later.length === 0) return listed;
  const ids = new Set(later.map(({ id }) => id));
  return [...listed.filter(({ id }) => !ids.has(id)), ...later];
}

/** The victims that a look at all archives would choose, found among as few of the oldest as possible. */
async function oldestVictims(
  ctx: Context,
  keep: Keep,
  later: readonly Listed[],
  grace: Grace,
  op: OpOptions,
): Promise<readonly PruneStep[]> {
  const added = later.reduce((bytes, { estimatedArchiveBytes = 0 }) => bytes + estimatedArchiveBytes, 0);
  const sum = async (): Promise<number> => ((await ctx.objects.archiveBytes?.(op)) ?? 0) + added;
  if (keep.olderThan === undefined && (await sum()) <= keep.maxTotalBytes) return [];
  for (let count = FIRST_LOOK; ; count *= 4) {
    const { candidates } = await look(ctx, { oldestArchivesLimit: count }, grace, op);
    // After the listing: what others prune meanwhile then makes this one prune less, not more.
    const totalBytes = await sum();
    // A store may leave some out beyond the limit that it was given.
    const oldest = oldestFirst(candidates).slice(0, count);
    const isAll = candidates.length < count;
    const until = isAll ? Number.POSITIVE_INFINITY : (oldest.at(-1)?.lastActivityMs ?? 0);
    const certain = together(oldest, later).filter(({ lastActivityMs }) => lastActivityMs <= until);
    const chosen = stepsFor(certain, { ...keep, totalBytes });
    if (isAll || chosen.length < certain.filter((candidate) => !candidate.protected).length) return chosen;
  }
}
