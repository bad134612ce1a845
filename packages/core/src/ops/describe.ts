/**
 * Notes facts about a session that is there already, in its metadata and in the manifest of its archive. The archive files
 * stay as they are.
 */
import type { Context } from "../context.js";
import { ArchiverError, hasCode } from "../errors.js";
import type { Facts } from "../format/origin.js";
import type { Meta, OpOptions } from "../ports.js";
import { readManifest } from "../read/archive-index.js";
import { tryPut } from "../session/commit.js";
import { rethrowUnlessChanged } from "../session/damage.js";
import type { Describe } from "../session/describe.js";
import { KEY } from "../session/metadata.js";
import { busy, MAX_TRIES, type Snapshot, takeSnapshot } from "../session/snapshot.js";
import { fileNamed, fileSize, isAtRest, isSameOutput, refusePruned } from "../session/snapshot-facts.js";
import { asDescribed, withFacts } from "../session/transitions/archived.js";
import { commit } from "./archive/commit.js";
import { writeArchive } from "./archive/new-archive.js";
import { extractFacts, knownFacts } from "./facts.js";
import { settle } from "./settle.js";

export interface DescribeOptions extends OpOptions {
  /** Extracts facts anew, even if this very hook has noted some about all of the output. */
  readonly refresh?: boolean | undefined;
}

export interface DescribeResult {
  readonly id: string;
  /** empty: there is no output. unchanged: the same was noted already. */
  readonly outcome: "described" | "empty" | "unchanged";
  /** The facts that are noted now. */
  readonly facts: Facts | null;
}

/**
 * Reads what the noted facts lack, or all. Rejects with `INVALID_ARGUMENT` if the archiver has no hook, or if it gives no
 * facts, `NOT_FOUND`, `PRUNED`, `CORRUPT`, `CONFLICT` if the session keeps changing, or an error of the stores; the
 * session is then as before.
 */
export async function describeSession(
  ctx: Context,
  id: string,
  { refresh = false, ...op }: DescribeOptions,
): Promise<DescribeResult> {
  const hook = ctx.describe;
  if (!hook) throw new ArchiverError("INVALID_ARGUMENT", "The archiver has no describe hook to extract facts.", { id });
  // Finishes an archive that was cut short: only a fully archived session gets a new manifest.
  await settle(ctx, id, op);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const first = await takeSnapshot(ctx, id, op);
    refusePruned(first);
    if (fileSize(fileNamed(first)) === 0) return { id, outcome: "empty", facts: null };
    try {
      const facts = await factsNow(ctx, hook, first, refresh, op);
      if (await isNoted(ctx, first, facts, op)) return { id, outcome: "unchanged", facts };
      if (await note(ctx, first, facts, op)) return { id, outcome: "described", facts };
    } catch (error) {
      // An archive that is missing is damage, not an unknown session.
      if (!hasCode(error, "CONFLICT")) await rethrowUnlessChanged(ctx, first, error);
    }
  }
  throw busy(id);
}

async function factsNow(
  ctx: Context,
  hook: Describe,
  { object, files }: Snapshot,
  refresh: boolean,
  op: OpOptions,
): Promise<Facts> {
  const known = refresh ? undefined : knownFacts(hook, object.meta);
  const whole = fileSize(fileNamed({ object, files }));
  if (known?.bytes === whole) return known;
  const extracted = await extractFacts(ctx, { object, files }, refresh ? {} : object.meta, op);
  if (extracted) return extracted;
  const message = `The describe hook "${hook.by}" gave no facts of session "${object.id}"; a warning says why.`;
  throw new ArchiverError("INVALID_ARGUMENT", message, { id: object.id });
}

/** Whether exactly this is noted, also in the manifest of a session that is fully archived. */
async function isNoted(ctx: Context, snapshot: Snapshot, facts: Facts, op: OpOptions): Promise<boolean> {
  const { id, meta } = snapshot.object;
  if (!isSame(meta[KEY.facts], facts)) return false;
  if (!isAtRest(snapshot)) return true;
  try {
    return isSame((await readManifest(ctx, id, meta, op)).facts, facts);
  } catch (error) {
    if (hasCode(error, "CORRUPT", "NOT_FOUND")) return false;
    throw error;
  }
}

function isSame(noted: unknown, facts: Facts): boolean {
  return JSON.stringify(noted) === JSON.stringify(facts);
}

/** `false` if the session has changed meanwhile. */
async function note(ctx: Context, first: Snapshot, facts: Facts, op: OpOptions): Promise<boolean> {
  const { id } = first.object;
  if (!isAtRest(first)) {
    // The manifest gets them when the new output is archived.
    const now = await takeSnapshot(ctx, id, op);
    if (!isSameOutput(first, now) || knowsMore(ctx, now.object.meta, facts)) return false;
    return (await tryPut(ctx, now.object, withFacts(now.object.meta, facts), op)) !== undefined;
  }
  const made = await writeArchive(ctx, { ...first, mended: new Map(), facts }, [], op);
  const recheck = (meta: Meta): string | undefined => (knowsMore(ctx, meta, facts) ? "more is known of it" : undefined);
  await commit(ctx, first, made, recheck, op, asDescribed);
  return true;
}

/** Whether somebody else has described more of the output by now. */
function knowsMore({ describe }: Context, meta: Meta, { bytes = 0 }: Facts): boolean {
  return describe !== undefined && (knownFacts(describe, meta)?.bytes ?? 0) > bytes;
}
