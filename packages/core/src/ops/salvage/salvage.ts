/**
 * Brings back what can be had of a damaged archive: from elsewhere in the sink, from the session's source or live
 * bytes, or else every whole segment of the archive itself. Nothing damaged is deleted: it is moved to quarantine. See
 * ADR 0037.
 */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { quarantineKey } from "../../format/keys.js";
import type { OpOptions } from "../../ports.js";
import { hasChanged } from "../../session/damage.js";
import { keptSnapshot, keptVersions } from "../../session/kept-versions.js";
import { busy, MAX_TRIES, type Snapshot, takeSnapshot } from "../../session/snapshot.js";
import { applyPlan, keysToMove } from "./apply.js";
import { closeTombstone } from "./close-tombstone.js";
import { isHopeless, type Plan, planOf } from "./plan.js";
import type { SalvagedFile, SalvageOptions, SalvageOutcome, SalvageResult } from "./salvage-types.js";

/** From the best to the worst. */
const OUTCOMES: readonly SalvageOutcome[] = ["whole", "manifest", "mended", "salvaged", "lost"];

interface Report {
  readonly files: SalvagedFile[];
  readonly quarantined: string[];
  readonly leftInPlace: string[];
}

/**
 * May be repeated at any time, and after a crash. `NOT_FOUND` for an unknown session, `CORRUPT` if its metadata can't be
 * understood, `CONFLICT` if it keeps changing; otherwise errors of the stores. The session is then as it was.
 */
export async function salvage(ctx: Context, id: string, options: SalvageOptions = {}): Promise<SalvageResult> {
  const { dryRun = false, ...op } = options;
  const report: Report = { files: [], quarantined: [], leftInPlace: [] };
  const { object } = await takeSnapshot(ctx, id, op);
  const versions = keptVersions({ object, files: [] }).map(({ version }) => version);
  for (const version of [null, ...versions]) await salvageOne(ctx, id, version, dryRun, report, op);
  const worst = Math.max(0, ...report.files.map(({ outcome }) => OUTCOMES.indexOf(outcome)));
  const outcome = OUTCOMES[worst] ?? "whole";
  const isClosed = outcome === "lost" && (await closeTombstone(ctx, id, dryRun, op));
  return { id, outcome: isClosed ? "closed" : outcome, ...report };
}

/** The session's present files, or an earlier output. */
async function salvageOne(
  ctx: Context,
  id: string,
  version: number | null,
  dryRun: boolean,
  report: Report,
  op: OpOptions,
): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const snapshot = await takeSnapshot(ctx, id, op);
    try {
      const plan = await planOf(ctx, version === null ? snapshot : keptSnapshot(snapshot, version), version, op);
      const isWhole = plan.files.every(({ told }) => told.outcome === "whole");
      // What was moved meanwhile only looked damaged.
      if (!isWhole && (await isOutdated(ctx, snapshot, op))) continue;
      if (!isWhole && !isHopeless(plan)) {
        if (dryRun) await foresee(ctx, plan, report, op);
        else {
          const { copied, stays } = await applyPlan(ctx, plan, snapshot, op);
          report.quarantined.push(...copied.values());
          report.leftInPlace.push(...stays);
        }
      }
      report.files.push(...plan.files.map(({ told }) => (isHopeless(plan) ? untouched(told) : told)));
      return;
    } catch (error) {
      const mayBeRace = hasCode(error, "CONFLICT", "PRUNED", "CORRUPT", "NOT_FOUND");
      if (!mayBeRace || !(await isOutdated(ctx, snapshot, op))) throw error;
    }
  }
  throw busy(id);
}

async function isOutdated(ctx: Context, snapshot: Snapshot, op: OpOptions): Promise<boolean> {
  return hasChanged(snapshot, await takeSnapshot(ctx, snapshot.object.id, op));
}

async function foresee(ctx: Context, plan: Plan, { quarantined, leftInPlace }: Report, op: OpOptions): Promise<void> {
  for (const key of keysToMove(plan)) {
    if (!(await ctx.sink.stat(key, op))) continue;
    const copy = quarantineKey(key);
    if (copy === undefined) leftInPlace.push(key);
    else quarantined.push(copy);
  }
}

/** Without its output a session is not committed, so its other files stay as they are, too. */
function untouched(told: SalvagedFile): SalvagedFile {
  return told.outcome === "whole" ? told : { ...told, outcome: "lost" };
}
