/** What a sweep would do, session by session, and why. Changes nothing. */
import type { Context } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import { mapOrdered } from "../../format/map-ordered.js";
import type { Meta, OpOptions, StoredObject } from "../../ports.js";
import { countAt, KEY, positiveAt, sweepIndex } from "../../session/metadata.js";
import { days, type SkipReason, skipReason } from "../../session/policy.js";
import { type Coming, factsOf, type PruneStep, planPrune, type StepFacts } from "../prune/plan-prune.js";
import type { PruneOptions } from "../prune/prune-limits.js";

export interface SweepOptions extends PruneOptions {
  /** The archiver's policy if not given. */
  readonly inactiveDays?: number | undefined;
  /** Also list the sessions that are not candidates (too recent, archived): costs a look at every session. */
  readonly all?: boolean | undefined;
}

interface LiveBytes {
  /** What the blob store holds of the session: archiving frees it, settling as much of it as is outdated. */
  readonly liveBytes: number;
}

/** What a sweep would do to one session. */
export type PlanStep =
  | (Coming & LiveBytes & { readonly action: "archive"; readonly reason: string })
  /** An operation was cut short: its outdated live bytes are to be deleted. */
  | (StepFacts & LiveBytes & { readonly action: "settle"; readonly reason: string })
  | (StepFacts & { readonly action: "skip"; readonly reason: SkipReason })
  | PruneStep;

/** How many sessions' blobs are looked at at once. */
const LOOKS_AT_ONCE = 16;
/** How many archives tell how well the sessions of a store compress. */
const TELLING_ARCHIVES = 200;
/** Stored bytes for a raw one, where there are no archives yet: as measured on real transcripts of two agents. */
const USUAL_RATIO = 0.2;

/** The steps of a sweep with these options. What it prunes is planned with the archives that it makes first, by estimate. */
export async function* planSweep(ctx: Context, options: SweepOptions = {}): AsyncGenerator<PlanStep> {
  const op: OpOptions = { signal: options.signal };
  const coming: Coming[] = [];
  let ratio: Promise<number> | undefined;
  const plan = async (object: StoredObject): Promise<PlanStep> => {
    const step = planOne(ctx, object, options);
    if (!("liveBytes" in step)) return step;
    const liveBytes = await liveBytesOf(ctx, step.id, op);
    if (step.action === "settle") return { ...step, liveBytes };
    ratio ??= storedRatio(ctx, op);
    return { ...step, liveBytes, estimatedArchiveBytes: Math.round(liveBytes * (await ratio)) };
  };
  for await (const step of mapOrdered(candidates(ctx, options), plan, LOOKS_AT_ONCE)) {
    if (step.action === "archive") coming.push(step);
    yield step;
  }
  yield* await planPrune(ctx, options, coming);
}

/** Stored bytes for a raw one, by the archives that the store has. */
async function storedRatio(ctx: Context, op: OpOptions): Promise<number> {
  let raw = 0;
  let stored = 0;
  let left = TELLING_ARCHIVES;
  for await (const { meta } of ctx.objects.list({ oldestArchivesLimit: TELLING_ARCHIVES }, op)) {
    const rawBytes = countAt(meta, KEY.archivedRawBytes) ?? 0;
    if (sweepIndex(meta).keptActivityMs === null || rawBytes === 0) continue;
    raw += rawBytes;
    stored += countAt(meta, KEY.archiveBytes) ?? 0;
    if (--left === 0) break;
  }
  return raw > 0 ? stored / raw : USUAL_RATIO;
}

/** 0 if they can't be looked at: its archive will fail in the same way, and tell. */
async function liveBytesOf(ctx: Context, id: string, op: OpOptions): Promise<number> {
  let bytes = 0;
  try {
    for await (const blob of ctx.blobs.list(id, op)) bytes += blob.size;
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
  }
  return bytes;
}

/** The sessions that a sweep looks at, as the store has them. */
export async function* candidates(ctx: Context, options: SweepOptions): AsyncGenerator<StoredObject> {
  const lastActiveBefore = ctx.now() - days(inactiveDays(ctx, options));
  const query = options.all ? undefined : { archived: false, lastActiveBefore };
  for await (const object of ctx.objects.list(query, { signal: options.signal })) {
    const reason = reasonToSkip(ctx, object.meta, options);
    // The query is a hint: without `all`, what a sharper store had left out is left out here.
    const noCandidate = reason === "archived" || reason === "pruned" || reason === "recent" || reason === "no-activity";
    if (options.all || !noCandidate || isSettling(object.meta)) yield object;
  }
}

/** What a sweep does to this session, but for its live bytes: they cost a look at the blobs. */
export function planOne(ctx: Context, { id, meta }: StoredObject, options: SweepOptions): PlanStep {
  const reason = reasonToSkip(ctx, meta, options);
  const facts = factsOf(id, meta);
  if (reason === undefined)
    return { ...facts, action: "archive", reason: "idle", liveBytes: 0, estimatedArchiveBytes: 0 };
  if (isSettling(meta)) return { ...facts, action: "settle", reason: "an archive was cut short", liveBytes: 0 };
  return { ...facts, action: "skip", reason };
}

export function reasonToSkip(ctx: Context, meta: Meta, options: SweepOptions): SkipReason | undefined {
  return skipReason(meta, ctx.now(), inactiveDays(ctx, options), ctx.policy.cooldownDays);
}

function inactiveDays(ctx: Context, options: SweepOptions): number {
  const count = options.inactiveDays ?? ctx.policy.inactiveDays;
  if (typeof count === "number" && count >= 0) return count;
  throw new ArchiverError("INVALID_ARGUMENT", `inactiveDays must be a number of at least 0, is ${count}.`);
}

function isSettling(meta: Meta): boolean {
  return positiveAt(meta, KEY.settlingAt) !== undefined;
}
