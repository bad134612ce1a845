/** The sums of a plan. Pure. */
import type { Catalogue } from "../catalogue.js";
import type { LeftOut, LiveCheck, Place, Scan } from "../source.js";
import { isUnreadableRoot } from "../walk/walk.js";
import type { FoundHeld } from "./plan-held.js";
import type { FolderPlan, FolderStep, PlacePlan, PlannedHeld } from "./plan-types.js";
import { daysToMs } from "./policy.js";

const WEEK_MS = daysToMs(7);
/** If nothing is archived yet that shows how well these sessions compress. */
const USUAL_RATIO = 0.25;

/** One place as it was found. */
export interface Found {
  readonly place: Place;
  readonly scan: Scan;
  readonly live: LiveCheck;
  readonly notFreed: string | undefined;
  readonly held: FoundHeld;
}

/** What a plan says of a place. */
export function summaryOf({ place, scan, notFreed, held }: Found, now: number): PlacePlan {
  const soon = scan.units.filter((unit) => (place.source.cleanUpAt(unit) ?? Number.POSITIVE_INFINITY) - now <= WEEK_MS);
  const bytes = soon.reduce((sum, { members }) => sum + members.reduce((all, { look }) => all + look.size, 0), 0);
  const isRoot = ({ root }: LeftOut): boolean => scan.leftOut.some((one) => isUnreadableRoot(one) && one.root === root);
  const leftOut = [...scan.leftOut, ...held.leftOut.filter((one) => !isRoot(one))];
  return { place, notFreed, leftOut, cleanUp: { sessions: soon.length, bytes } };
}

/** What freeing gives back, and what the archives would take. */
export function estimate(
  steps: readonly FolderStep[],
  held: readonly PlannedHeld[],
  { sessions }: Catalogue,
): Pick<FolderPlan, "freesDiskBytes" | "archiveBytesEstimate"> {
  const settled = sessions.filter(
    ({ state, archiveBytes }) => state !== "live" && state !== "pruned" && archiveBytes > 0,
  );
  const raw = settled.reduce((sum, { rawBytes }) => sum + rawBytes, 0);
  const ratio = raw > 1e6 ? settled.reduce((sum, { archiveBytes }) => sum + archiveBytes, 0) / raw : USUAL_RATIO;
  const archiveBytesEstimate = steps.reduce((sum, step) => sum + Math.ceil(archivedBytes(step) * ratio), 0);
  return { freesDiskBytes: freedDiskBytes(steps, held), archiveBytesEstimate };
}

/** Bytes of disk that are given back if all goes well. */
function freedDiskBytes(steps: readonly FolderStep[], held: readonly PlannedHeld[]): number {
  const freeing = steps.filter(({ action }) => action === "free" || action === "archive-and-free");
  return [...freeing, ...held.filter(({ due }) => due)].reduce((sum, { diskBytes }) => sum + diskBytes, 0);
}

/** Raw bytes that the step puts into an archive. */
function archivedBytes({ action, bytes }: FolderStep): number {
  return action === "archive" || action === "archive-and-free" ? bytes : 0;
}

/**
 * The plan for these sessions of the store alone, by id: their steps, what is held aside of them, and what was cut short.
 * Ids that the plan does not have are passed over.
 */
export function onlySessions(plan: FolderPlan, ids: readonly string[]): FolderPlan {
  const wanted = new Set(ids);
  const steps = plan.steps.filter(({ sessionId }) => wanted.has(sessionId));
  const held = plan.held.filter(({ sessionId }) => sessionId !== undefined && wanted.has(sessionId));
  const unsettled = plan.unsettled.filter(({ sessionId }) => wanted.has(sessionId));
  const bytesOf = (all: readonly FolderStep[]): number => all.reduce((sum, step) => sum + archivedBytes(step), 0);
  const share = bytesOf(steps) / Math.max(1, bytesOf(plan.steps));
  const archiveBytesEstimate = Math.ceil(plan.archiveBytesEstimate * share);
  return { ...plan, steps, held, unsettled, freesDiskBytes: freedDiskBytes(steps, held), archiveBytesEstimate };
}
