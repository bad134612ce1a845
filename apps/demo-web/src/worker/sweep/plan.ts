/** What a sweep would do, shown before it is done. */
import { type PlanStep, type SessionInfo, type Victim, victims } from "@session-archiver/core";
import type { PlanRow, SweepSettings } from "../api.ts";
import type { App } from "../app.ts";
import { titleOf } from "../meta.ts";
import { isShown } from "../rows.ts";
import { sweepOptions } from "./options.ts";

/** What an archive takes of the raw bytes where there are none to judge by: as measured on real sessions. */
const USUAL_RATIO = 0.2;
const ORDER: readonly PlanRow["action"][] = ["archive", "settle", "prune", "purge", "skip"];

type Infos = ReadonlyMap<string, SessionInfo>;

/** Of each session the one thing that would happen to it; archives first, then prunes, then what stays as it is; of each, what has been idle longest. */
export async function planSweep(app: App, settings: SweepSettings): Promise<readonly PlanRow[]> {
  const options = sweepOptions(settings);
  const infos = new Map<string, SessionInfo>();
  for await (const info of app.archiver.list({ from: "metadata" })) if (isShown(info.meta)) infos.set(info.id, info);
  const rows = new Map<string, PlanRow>();
  const add = (info: SessionInfo, { action, reason }: Pick<PlanRow, "action" | "reason">, bytes: number): void =>
    void rows.set(info.id, { id: info.id, title: titleOf(info), action, reason, bytes });
  for await (const step of app.archiver.plan({ ...options, all: true })) {
    const info = infos.get(step.id);
    // Prunes are planned below: with what the sweep will have archived before it prunes.
    if (info && step.action !== "prune") add(info, step, bytesOf(step));
  }
  for (const { id, reason, storedBytes } of prunes(infos, rows, options.maxTotalBytes)) {
    const info = infos.get(id);
    if (info) add(info, { action: "prune", reason }, storedBytes);
  }
  const idleSince = ({ id }: PlanRow): number => infos.get(id)?.lastActivityMs ?? 0;
  return [...rows.values()].sort(
    (a, b) => ORDER.indexOf(a.action) - ORDER.indexOf(b.action) || idleSince(a) - idleSince(b),
  );
}

function bytesOf(step: PlanStep): number {
  if (step.action === "skip") return 0;
  return "liveBytes" in step ? step.liveBytes : step.archiveBytes;
}

/** Archives the cap would drop. Those that the sweep is yet to make are estimated; if they are to go too, it isn't shown. */
function prunes(infos: Infos, rows: ReadonlyMap<string, PlanRow>, maxTotalBytes: number): readonly Victim[] {
  // Counts toward the cap: there is an archive, and it has no tombstone yet.
  const archived = [...infos.values()].filter(({ archivedAt, prunedAt }) => archivedAt !== null && prunedAt === null);
  const archiveBytes = ({ storedBytes, liveBytes }: SessionInfo): number => storedBytes - liveBytes;
  const sum = (bytes: (info: SessionInfo) => number): number =>
    archived.reduce((total, info) => total + bytes(info), 0);
  const rawBytes = sum((info) => info.rawBytes - info.liveBytes);
  const ratio = rawBytes > 0 ? sum(archiveBytes) / rawBytes : USUAL_RATIO;
  const added = [...rows.values()].filter(({ action }) => action === "archive");
  const coming = added.map(({ id, bytes }) => ({
    id: `new:${id}`,
    lastActivityMs: infos.get(id)?.lastActivityMs ?? Number.MAX_SAFE_INTEGER,
    archivedAt: Number.MAX_SAFE_INTEGER,
    storedBytes: bytes * ratio,
    protected: false,
  }));
  const candidates = archived.map((info) => ({
    id: info.id,
    lastActivityMs: info.lastActivityMs ?? info.archivedAt ?? 0,
    archivedAt: info.archivedAt ?? 0,
    storedBytes: archiveBytes(info),
    protected: info.pinned || rows.get(info.id)?.action !== "skip" || info.state !== "archived",
  }));
  return victims([...candidates, ...coming], { maxTotalBytes }).filter(({ id }) => infos.has(id));
}
