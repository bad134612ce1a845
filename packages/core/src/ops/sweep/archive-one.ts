/** Archives a session of a sweep, unless it is no longer idle. */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { Meta } from "../../ports.js";
import type { Snapshot } from "../../session/snapshot.js";
import { archive } from "../archive/archive.js";
import { addDiskBytes, type SweepReport } from "../report.js";
import { planOne, reasonToSkip, type SweepOptions } from "./plan-sweep.js";

export async function archiveOne(
  ctx: Context,
  id: string,
  seen: Snapshot | undefined,
  options: SweepOptions,
  report: SweepReport,
): Promise<void> {
  const recheck = (meta: Meta): string | undefined => reasonToSkip(ctx, meta, options);
  try {
    const done = await archive(ctx, id, { signal: options.signal, recheck, seen });
    report.liveBytesFreed += done.liveBytesFreed;
    report.archiveBytesAdded += done.archiveBytesAdded;
    addDiskBytes(report, done);
    if (done.outcome === "archived") report.archivedCount++;
    else skip(ctx, report, id, done.outcome);
  } catch (error) {
    // Another process has archived, resumed or deleted the session since it was listed, so this sweep leaves it alone.
    if (!hasCode(error, "CONFLICT", "PRUNED", "NOT_FOUND")) throw error;
    if (await isStillIdle(ctx, id, options)) throw error;
    skip(ctx, report, id, "changed meanwhile");
  }
}

export function skip(ctx: Context, report: SweepReport, id: string, reason: string): void {
  report.skippedCount++;
  ctx.emit({ type: "skipped", id, reason });
}

async function isStillIdle(ctx: Context, id: string, options: SweepOptions): Promise<boolean> {
  const object = await ctx.objects.get(id, { signal: options.signal });
  return object !== undefined && planOne(ctx, object, options).action === "archive";
}
