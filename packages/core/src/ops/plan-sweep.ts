/** What a sweep would do, session by session, and why. Changes nothing. */
import type { Context } from "../context.js";
import { ArchiverError, hasCode } from "../errors.js";
import { mapOrdered } from "../format/map-ordered.js";
import { KEY, positiveAt } from "../metadata.js";
import { days, type SkipReason, skipReason } from "../policy.js";
import type { Meta, OpOptions, StoredObject } from "../ports.js";
import { factsOf, type PruneStep, planPrune, type StepFacts } from "./plan-prune.js";
import type { PruneOptions } from "./prune-limits.js";

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
  | (StepFacts & LiveBytes & { readonly action: "archive"; readonly reason: string })
  /** An operation was cut short: its outdated live bytes are to be deleted. */
  | (StepFacts & LiveBytes & { readonly action: "settle"; readonly reason: string })
  | (StepFacts & { readonly action: "skip"; readonly reason: SkipReason })
  | PruneStep;

/** How many sessions' blobs are looked at at once. */
const LOOKS_AT_ONCE = 16;

/** The steps of a sweep with these options; what it prunes is planned without what it archives first. */
export async function* planSweep(ctx: Context, options: SweepOptions = {}): AsyncGenerator<PlanStep> {
  const op: OpOptions = { signal: options.signal };
  const plan = async (object: StoredObject): Promise<PlanStep> => {
    const step = planOne(ctx, object, options);
    return "liveBytes" in step ? { ...step, liveBytes: await liveBytesOf(ctx, step.id, op) } : step;
  };
  yield* mapOrdered(candidates(ctx, options), plan, LOOKS_AT_ONCE);
  yield* await planPrune(ctx, options);
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
  const idleSince = ctx.now() - days(inactiveDays(ctx, options));
  const query = options.all ? undefined : { archived: false, idleSince };
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
  if (reason === undefined) return { ...facts, action: "archive", reason: "idle", liveBytes: 0 };
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
