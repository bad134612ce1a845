/** What a sweep would do, shown before it is done. */
import type { PlanStep, SessionInfo } from "@session-archiver/core";
import type { PlanRow, SweepSettings } from "../api.ts";
import type { App } from "../app.ts";
import { titleOf } from "../meta.ts";
import { isShown } from "../rows.ts";
import { sweepOptions } from "./options.ts";

const ORDER: readonly PlanRow["action"][] = ["archive", "settle", "prune", "purge", "skip"];

/** Of each session the one thing that would happen to it; archives first, then prunes, then what stays as it is; of each, what has been idle longest. */
export async function planSweep(app: App, settings: SweepSettings): Promise<readonly PlanRow[]> {
  const infos = new Map<string, SessionInfo>();
  for await (const info of app.archiver.list({ from: "metadata" })) if (isShown(info.meta)) infos.set(info.id, info);
  const rows = new Map<string, PlanRow>();
  for await (const step of app.archiver.plan({ ...sweepOptions(settings), all: true })) {
    const { id, action, reason } = step;
    const info = infos.get(id);
    // That what is archived may be to go at once isn't shown.
    const isTaken = (rows.get(id)?.action ?? "skip") !== "skip";
    if (info && !isTaken) rows.set(id, { id, title: titleOf(info), action, reason, bytes: bytesOf(step) });
  }
  const lastActiveBefore = ({ id }: PlanRow): number => infos.get(id)?.lastActivityMs ?? 0;
  return [...rows.values()].sort(
    (a, b) => ORDER.indexOf(a.action) - ORDER.indexOf(b.action) || lastActiveBefore(a) - lastActiveBefore(b),
  );
}

function bytesOf(step: PlanStep): number {
  if (step.action === "skip") return 0;
  return "liveBytes" in step ? step.liveBytes : step.archiveBytes;
}
