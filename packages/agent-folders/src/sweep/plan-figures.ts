/** The sums of a plan. Pure. */
import type { Catalogue } from "../catalogue.js";
import type { LiveCheck, Place, Scan } from "../source.js";
import type { FolderPlan, FolderStep, PlacePlan } from "./plan-types.js";
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
}

/** What a plan says of a place. */
export function summaryOf({ place, scan, notFreed }: Found, now: number): PlacePlan {
  const soon = scan.units.filter((unit) => (place.source.cleanUpAt(unit) ?? Number.POSITIVE_INFINITY) - now <= WEEK_MS);
  const bytes = soon.reduce((sum, { members }) => sum + members.reduce((all, { look }) => all + look.size, 0), 0);
  return { place, notFreed, leftOut: scan.leftOut, cleanUp: { sessions: soon.length, bytes } };
}

/** What freeing gives back, and what the archives would take. */
export function estimate(
  steps: readonly FolderStep[],
  { sessions }: Catalogue,
): Pick<FolderPlan, "freesDiskBytes" | "archiveBytesEstimate"> {
  const settled = sessions.filter(
    ({ state, archiveBytes }) => state !== "live" && state !== "pruned" && archiveBytes > 0,
  );
  const raw = settled.reduce((sum, { rawBytes }) => sum + rawBytes, 0);
  const ratio = raw > 1e6 ? settled.reduce((sum, { archiveBytes }) => sum + archiveBytes, 0) / raw : USUAL_RATIO;
  let freesDiskBytes = 0;
  let archiveBytesEstimate = 0;
  for (const { action, bytes, diskBytes } of steps) {
    if (action === "free" || action === "archive-and-free") freesDiskBytes += diskBytes;
    if (action === "archive" || action === "archive-and-free") archiveBytesEstimate += Math.ceil(bytes * ratio);
  }
  return { freesDiskBytes, archiveBytesEstimate };
}
