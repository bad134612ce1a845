/** What a sweep would do, shown before it is done. */
import { KEY, type Meta, type PlanStep, stateOf, sweepIndex, type Victim, victims } from "@session-archiver/core";
import type { PlanRow, SweepSettings } from "../api.ts";
import type { App } from "../app.ts";
import { APP_KEY, isMarked, numberAt, positiveAt, titleOf } from "../meta.ts";
import { isShown, rowOf } from "../rows.ts";
import { sweepOptions } from "./options.ts";

/** What an archive takes of the raw bytes where there are none to judge by: as measured on real sessions. */
const USUAL_RATIO = 0.2;
const ORDER: readonly PlanRow["action"][] = ["archive", "settle", "prune", "purge", "skip"];

/** Of each session the one thing that would happen to it; archives first, then prunes, then what stays as it is; of each, what has been idle longest. */
export async function planSweep(app: App, settings: SweepSettings): Promise<readonly PlanRow[]> {
  const options = sweepOptions(settings);
  const metas = new Map<string, Meta>();
  for await (const { id, meta } of app.stores.objects.list()) if (isShown(meta)) metas.set(id, meta);
  const rows = new Map<string, PlanRow>();
  for await (const step of app.archiver.plan({ ...options, all: true })) {
    const meta = metas.get(step.id);
    // Prunes are planned below: with what the sweep will have archived before it prunes.
    if (meta && step.action !== "prune") rows.set(step.id, await planRow(app, step, meta));
  }
  for (const { id, reason, storedBytes } of prunes(metas, rows, options.maxTotalBytes)) {
    const title = titleOf(id, metas.get(id) ?? {});
    rows.set(id, { id, title, action: "prune", reason, bytes: storedBytes });
  }
  const idleSince = ({ id }: PlanRow): number => positiveAt(metas.get(id) ?? {}, KEY.lastActivity) ?? 0;
  return [...rows.values()].sort(
    (a, b) => ORDER.indexOf(a.action) - ORDER.indexOf(b.action) || idleSince(a) - idleSince(b),
  );
}

async function planRow(app: App, step: PlanStep, meta: Meta): Promise<PlanRow> {
  const { id, action, reason } = step;
  const row = { id, title: titleOf(id, meta), action, reason };
  if (action === "prune" || action === "purge") return { ...row, bytes: step.archiveBytes };
  if (action === "skip") return { ...row, bytes: 0 };
  const { liveBytes } = await rowOf(app, { id, version: "", meta }, isMarked(meta, APP_KEY.writing));
  return { ...row, bytes: liveBytes };
}

/** Archives the cap would drop. Those that the sweep is yet to make are estimated; if they are to go too, it isn't shown. */
function prunes(
  metas: ReadonlyMap<string, Meta>,
  rows: ReadonlyMap<string, PlanRow>,
  maxTotalBytes: number,
): readonly Victim[] {
  const archived = [...metas].filter(([, meta]) => isCounted(meta));
  const sum = (key: string): number => archived.reduce((total, [, meta]) => total + (numberAt(meta, key) ?? 0), 0);
  const ratio = sum(KEY.archivedBytes) > 0 ? sum(KEY.storedBytes) / sum(KEY.archivedBytes) : USUAL_RATIO;
  const added = [...rows.values()].filter(({ action }) => action === "archive");
  const coming = added.map(({ id, bytes }) => ({
    id: `new:${id}`,
    lastActivityMs: positiveAt(metas.get(id) ?? {}, KEY.lastActivity) ?? Number.MAX_SAFE_INTEGER,
    archivedAt: Number.MAX_SAFE_INTEGER,
    storedBytes: bytes * ratio,
    protected: false,
  }));
  const candidates = archived.map(([id, meta]) => ({
    id,
    lastActivityMs: sweepIndex(meta).keptActivityMs ?? 0,
    archivedAt: positiveAt(meta, KEY.archivedAt) ?? 0,
    storedBytes: numberAt(meta, KEY.storedBytes) ?? 0,
    protected: Boolean(meta[KEY.pinned]) || rows.get(id)?.action !== "skip" || stateOf(meta) !== "archived",
  }));
  return victims([...candidates, ...coming], { maxTotalBytes }).filter(({ id }) => metas.has(id));
}

/** Counts toward the cap: there is an archive, and it has no tombstone yet. */
function isCounted(meta: Meta): boolean {
  return positiveAt(meta, KEY.archivedAt) !== undefined && positiveAt(meta, KEY.prunedAt) === undefined;
}
