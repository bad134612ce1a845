/** Plans a sweep: what it would do, session by session, and why. Changes nothing. */
import type { Context } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import { mapOrdered } from "../../format/map-ordered.js";
import type { Meta, OpOptions, StoredObject } from "../../ports.js";
import { countAt, KEY, positiveAt, sweepIndex } from "../../session/metadata.js";
import { days, type SkipReason, skipReason } from "../../session/policy.js";
import { type Coming, factsOf, type PruneStep, planPrune, type StepFacts } from "../prune/plan-prune.js";
import { isLimited, type PruneOptions } from "../prune/prune-limits.js";

export interface SweepOptions extends PruneOptions {
  /** Days without activity after which a session is idle; the policy's value by default. */
  readonly inactiveDays?: number | undefined;
  /** Also lists sessions that are not candidates (too recent, or archived). Costs a look at every session. */
  readonly all?: boolean | undefined;
}

interface LiveBytes {
  /** The session's bytes in the blob store: archiving frees them; settling frees the outdated ones. */
  readonly liveBytes: number;
}

/** What a sweep would do to one session. */
export type PlanStep =
  | (Coming & LiveBytes & { readonly action: "archive"; readonly reason: string })
  /** An operation was cut short: its outdated live bytes are to be deleted. */
  | (StepFacts & LiveBytes & { readonly action: "settle"; readonly reason: string })
  | (StepFacts & { readonly action: "skip"; readonly reason: SkipReason })
  | PruneStep;

/** How many sessions' blobs are looked at concurrently. */
const LOOKS_AT_ONCE = 16;
/** How many archives are used to estimate how well the store's sessions compress. */
const TELLING_ARCHIVES = 200;
/** Archive bytes per raw byte if there are no archives yet, as measured on real transcripts of two agents. */
const USUAL_RATIO = 0.2;

/**
 * The steps of a sweep with these options. Its prunes are planned as if its archives were made already, with estimated
 * sizes.
 */
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
    if (step.action === "archive" && isLimited(ctx, options)) coming.push(step);
    yield step;
  }
  yield* await planPrune(ctx, options, coming);
}

/** Archive bytes per raw byte over some of the store's archives. */
export async function storedRatio(ctx: Context, op: OpOptions): Promise<number> {
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

/** 0 if the blobs can't be listed: archiving the session will fail in the same way, and report it. */
async function liveBytesOf(ctx: Context, id: string, op: OpOptions): Promise<number> {
  let bytes = 0;
  try {
    for await (const blob of ctx.blobs.list(id, op)) bytes += blob.size;
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
  }
  return bytes;
}

/** The sessions that a sweep looks at, as the store returns them. */
export async function* candidates(ctx: Context, options: SweepOptions): AsyncGenerator<StoredObject> {
  const lastActiveBefore = ctx.now() - days(inactiveDays(ctx, options));
  const query = options.all ? undefined : { archived: false, lastActiveBefore };
  for await (const object of ctx.objects.list(query, { signal: options.signal })) {
    // The query is only a hint: without `all`, sessions that an exact store leaves out are left out here.
    if (isCandidate(ctx, object, options)) yield object;
  }
}

/** Whether a sweep looks at it. */
export function isCandidate(ctx: Context, { meta }: StoredObject, options: SweepOptions): boolean {
  const reason = reasonToSkip(ctx, meta, options);
  const noCandidate = reason === "archived" || reason === "pruned" || reason === "recent" || reason === "no-activity";
  return options.all === true || !noCandidate || isSettling(meta);
}

/** What a sweep does to this session, without its live bytes, which would cost a look at the blobs. */
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
