/** Which archives a prune drops, and whose bytes it gives up. Changes nothing. */
import type { Context } from "../../context.js";
import type { Meta, ObjectQuery, OpOptions } from "../../ports.js";
import { countAt, KEY, numberAt, positiveAt, sweepIndex } from "../../session/metadata.js";
import { isPinned } from "../../session/policy.js";
import { stateOf } from "../../session/state.js";
import { type Grace, isDue, type PruneOptions, pruneLimits } from "./prune-limits.js";
import { oldestFirst, type PruneCandidate, type PruneOrder, type PruneVictim, pruneVictims } from "./victims.js";

/** What every step of a plan tells of its session. Times in unix ms; `null` where there is none, or it is unknown. */
export interface StepFacts {
  readonly id: string;
  readonly lastActivityMs: number | null;
  readonly archivedAt: number | null;
  /** Stored bytes of the archive, manifest included; 0 if there is none. Those of a prune or purge are freed by a purge. */
  readonly archiveBytes: number;
}

/** A session that is archived before the prune. */
export interface Coming extends StepFacts {
  /**
   * Stored bytes that archiving is expected to add: the live bytes by the ratio of the archives that the store has, or a
   * fifth of them where it has none.
   */
  readonly estimatedArchiveBytes: number;
}

/** What a prune would do to one session. */
export interface PruneStep extends StepFacts {
  /** prune: set the tombstone. purge: the grace period is over, give up the bytes. */
  readonly action: "prune" | "purge";
  readonly reason: string;
  /** When the tombstone was set whose bytes are given up; `null` where it has yet to be set. */
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

/** An archive that may be dropped, and what its step would tell. */
interface Listed extends PruneCandidate {
  readonly facts: StepFacts;
}

/** An archive that is yet to be made, or to be added to. */
interface Later extends Listed, Pick<Coming, "estimatedArchiveBytes"> {}

interface Keep {
  readonly maxTotalBytes: number;
  readonly olderThan: number | undefined;
  readonly by: PruneOrder;
}

/**
 * The steps of a prune with these options, in order: purges, then new tombstones, oldest archive first. `coming`: what is
 * archived before it; of a prune of these `archiveBytes` is an estimate, and `archivedAt` is `null`.
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
  const isLimited = maxTotalBytes < Number.POSITIVE_INFINITY || olderThan !== undefined;
  // Stores find archives by activity, and only some keep a sum. Otherwise all must be listed; then once is enough.
  const listAll = isLimited && (by === "archived" || !ctx.objects.archiveBytes);
  const query = listAll ? undefined : { prunedBefore: now - grace.ms };
  const { purges, candidates } = await look(ctx, query, grace, op);
  const archivedLater = isLimited ? coming.map((step) => listedLater(step, now)) : [];
  const chosen = !isLimited
    ? []
    : listAll
      ? pruneVictims(together(candidates, archivedLater), keep)
      : await oldestVictims(ctx, keep, archivedLater, grace, op);
  const prunes = chosen.map(({ facts, reason }): PruneStep => ({ ...facts, action: "prune", reason, prunedAt: null }));
  return options.tombstonesOnly ? prunes : [...purges, ...prunes];
}

/** Of the listed sessions those whose grace period is over, and the archives that count toward the cap. */
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
    const facts = factsOf(id, meta);
    if (prunedAtMs !== null && isDue(meta, ctx.now(), grace)) {
      purges.push({ ...facts, action: "purge", reason: "grace period over", prunedAt: prunedAtMs });
    }
    if (keptActivityMs === null) continue;
    const isProtected = isPinned(meta) || stateOf(meta) !== "archived" || numberAt(meta, KEY.settlingAt) !== undefined;
    const { archivedAt } = facts;
    candidates.push({
      id,
      lastActivityMs: keptActivityMs,
      archivedAt: archivedAt ?? 0,
      archiveBytes,
      protected: isProtected,
      facts,
    });
  }
  return { purges, candidates };
}

/** How it will be listed. */
function listedLater({ estimatedArchiveBytes, ...step }: Coming, now: number): Later {
  const { id, lastActivityMs } = step;
  const archiveBytes = step.archiveBytes + estimatedArchiveBytes;
  const facts = { id, lastActivityMs, archivedAt: null, archiveBytes };
  const listed = { id, lastActivityMs: lastActivityMs ?? now, archivedAt: now, archiveBytes, protected: false, facts };
  return { ...listed, estimatedArchiveBytes };
}

function together(listed: readonly Listed[], later: readonly Listed[]): readonly Listed[] {
  const ids = new Set(later.map(({ id }) => id));
  return [...listed.filter(({ id }) => !ids.has(id)), ...later];
}

/** The same victims as of all archives, found among as few of the oldest as will do. */
async function oldestVictims(
  ctx: Context,
  keep: Keep,
  later: readonly Later[],
  grace: Grace,
  op: OpOptions,
): Promise<readonly (Listed & PruneVictim)[]> {
  const added = later.reduce((bytes, { estimatedArchiveBytes }) => bytes + estimatedArchiveBytes, 0);
  const sum = async (): Promise<number> => ((await ctx.objects.archiveBytes?.(op)) ?? 0) + added;
  if (keep.olderThan === undefined && (await sum()) <= keep.maxTotalBytes) return [];
  for (let count = FIRST_LOOK; ; count *= 4) {
    const { candidates } = await look(ctx, { oldestArchivesLimit: count }, grace, op);
    // After the listing: what others prune meanwhile then makes this one prune less, not more.
    const totalBytes = await sum();
    // Beyond as many as were asked for, a store may leave some out.
    const oldest = oldestFirst(candidates).slice(0, count);
    const isAll = candidates.length < count;
    const until = isAll ? Number.POSITIVE_INFINITY : (oldest.at(-1)?.lastActivityMs ?? 0);
    const certain = together(oldest, later).filter(({ lastActivityMs }) => lastActivityMs <= until);
    const chosen = pruneVictims(certain, { ...keep, totalBytes });
    if (isAll || chosen.length < certain.filter((candidate) => !candidate.protected).length) return chosen;
  }
}
