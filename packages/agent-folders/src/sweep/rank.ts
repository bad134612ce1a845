/** Which sessions are among the newest of their project. Pure. */
import { keyOf } from "../paths.js";
import type { Place, Unit } from "../source.js";
import { daysToMs, type FolderPolicy } from "./policy.js";

export interface Ranked {
  readonly place: Place;
  readonly unit: Unit;
  readonly lastActivityMs: number;
}

export function ranksOf(
  units: readonly Ranked[],
  { keepLast, keepWithinDays }: FolderPolicy,
): ReadonlyMap<Unit, "keep-last" | "keep-within"> {
  const projects = new Map<string, Ranked[]>();
  for (const one of units) {
    const key = keyOf(one.place.source.name, one.place.home, one.unit.project);
    const project = projects.get(key);
    if (project) project.push(one);
    else projects.set(key, [one]);
  }
  const ranks = new Map<Unit, "keep-last" | "keep-within">();
  for (const project of projects.values()) {
    project.sort((a, b) => b.lastActivityMs - a.lastActivityMs || (a.unit.id < b.unit.id ? -1 : 1));
    const newest = project[0]?.lastActivityMs ?? 0;
    for (const [i, { unit, lastActivityMs }] of project.entries()) {
      if (i < keepLast) ranks.set(unit, "keep-last");
      else if (keepWithinDays > 0 && newest - lastActivityMs <= daysToMs(keepWithinDays))
        ranks.set(unit, "keep-within");
    }
  }
  return ranks;
}
