/** Whether filters fit a unit. Pure. */
import { matcherOf } from "@session-archiver/search";
import type { FolderStep } from "./plan-types.js";
import { daysToMs, type FolderPolicy, type UnitFilter } from "./policy.js";

/** What filters look at: milliseconds since the last activity, and bytes. */
export interface Filtered {
  readonly agent: string;
  /** Its names: for people, and that of its folder. */
  readonly projects: readonly string[];
  readonly ageMs: number;
  readonly bytes: number;
}

/** Of a unit, at a time in unix ms. */
export function filteredOf(
  {
    place,
    unit,
    project,
    bytes,
    lastActivityMs,
  }: Pick<FolderStep, "place" | "project" | "bytes" | "lastActivityMs"> & {
    readonly unit: Pick<FolderStep["unit"], "project">;
  },
  now: number,
): Filtered {
  return { agent: place.source.name, projects: [unit.project, project], ageMs: now - lastActivityMs, bytes };
}

/** Whether it has all that the filter names. */
export function matchesFilter(filter: UnitFilter, { agent, projects, ageMs, bytes }: Filtered): boolean {
  if (filter.agent !== undefined && filter.agent !== agent) return false;
  if (filter.project !== undefined && !projects.some(matcherOf(filter.project))) return false;
  if (filter.olderThanDays !== undefined && ageMs < daysToMs(filter.olderThanDays)) return false;
  if (filter.youngerThanDays !== undefined && ageMs >= daysToMs(filter.youngerThanDays)) return false;
  return bytes >= (filter.minBytes ?? 0) && bytes <= (filter.maxBytes ?? Number.POSITIVE_INFINITY);
}

/** Whether the filters of the policy leave it out. */
export function isLeftOut({ include, exclude }: FolderPolicy, filtered: Filtered): boolean {
  const isIncluded = include.length === 0 || include.some((filter) => matchesFilter(filter, filtered));
  return !isIncluded || exclude.some((filter) => matchesFilter(filter, filtered));
}
