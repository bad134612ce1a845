/** Finds Codex's threads. Only files that were not known before are opened, and of these only the first line is read. */
import type { OpOptions } from "@session-archiver/core";
import type { Files } from "../files.js";
import type { LeftOut, Place, Scan, ScanOptions, Unit } from "../source.js";
import { isUnreadableRoot, walk } from "../walk/walk.js";
import { canUnzstd } from "./first-line.js";
import { needed } from "./lineage.js";
import { rolloutName } from "./names.js";
import { type RolloutFile, readRollouts } from "./rollouts.js";
import { groupByThread, needsOf, type Rollout, unitId, unitOf } from "./threads.js";

const NEEDED = "a thread in a file with several names needs it";
const BLIND = "Node.js 22.15 or later is needed to see whether a thread that Codex has compressed needs it";
const UNSEEN = "a folder of Codex can't be listed, so nothing shows whether a thread there needs it";

export async function scanCodex(place: Place, files: Files, options: ScanOptions): Promise<Scan> {
  const { found, leftOut } = await rolloutsBelow(place, files, options);
  const read = await readRollouts(found, files, options);
  leftOut.push(...read.leftOut);
  const threads = groupByThread(read.rollouts);
  const units: Unit[] = [];
  for (const thread of threads.values()) {
    const unit = unitOf(thread);
    if ("id" in unit) units.push(unit);
    else leftOut.push(...unit);
  }
  const isBlind = !canUnzstd && found.some(({ name }) => name.isCompressed);
  const blind = leftOut.some(isUnreadableRoot) ? UNSEEN : isBlind ? BLIND : undefined;
  return { units: withReasons(units, threads, blind), leftOut };
}

/** Files that have several names are in both: they are left out, but what they need must stay. */
export async function rolloutsBelow(
  place: Place,
  files: Files,
  op: OpOptions,
): Promise<{ readonly found: readonly RolloutFile[]; readonly leftOut: LeftOut[] }> {
  const found: RolloutFile[] = [];
  const leftOut: LeftOut[] = [];
  for (const root of place.roots) {
    const walked = await walk(root, files, op);
    leftOut.push(...walked.leftOut);
    for (const { path, look } of walked.files) {
      const name = rolloutName(path);
      if (name === undefined) leftOut.push({ root: root.name, path, reason: "not a session" });
      else if (look.size === 0) leftOut.push({ root: root.name, path, reason: "empty" });
      else found.push({ root, path, look, name });
    }
    for (const { path } of walked.leftOut.filter(({ reason }) => reason === "several names")) {
      const name = rolloutName(path);
      const look = name && (await files.look(`${root.path}/${path}`));
      if (name && look?.kind === "file") found.push({ root, path, look, name });
    }
  }
  return { found, leftOut };
}

/** What threads need that are no units must stay, as must everything while it can't be seen what is needed. */
function withReasons(
  units: readonly Unit[],
  threads: ReadonlyMap<string, readonly Rollout[]>,
  blind: string | undefined,
): readonly Unit[] {
  const needs = new Map([...threads].map(([nativeId, thread]) => [unitId(nativeId), needsOf(thread)]));
  const linked = [...threads].filter(([, thread]) => thread.some(({ isLinked }) => isLinked));
  const kept = needed(
    linked.map(([nativeId]) => unitId(nativeId)),
    (id) => needs.get(id) ?? [],
  );
  const reasonFor = (id: string): string | undefined => (kept.has(id) ? NEEDED : blind);
  return units.map((unit) => ({ ...unit, stays: unit.stays ?? reasonFor(unit.id) }));
}
