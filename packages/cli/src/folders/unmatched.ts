/** Filters that no session fits: most likely a word of them is misspelt. Pure. */
import type { FolderPlan, FolderStep, UnitFilter } from "@session-archiver/agent-folders";
import { filterText } from "./filters-option.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/** For people, one line for each: `No session matches --exclude project=/home/me/wrok`. */
export function unmatchedFilters({
  policy,
  steps,
  at,
}: Pick<FolderPlan, "policy" | "steps" | "at">): readonly string[] {
  const given = [
    ...policy.include.map((filter) => ({ flag: "--only", filter })),
    ...policy.exclude.map((filter) => ({ flag: "--exclude", filter })),
  ];
  return given
    .filter(({ filter }) => !steps.some((step) => fits(filter, step, at)))
    .map(({ flag, filter }) => `No session matches ${flag} ${filterText(filter)}`);
}

/** As the policy takes a filter: all that it names must fit. */
function fits(filter: UnitFilter, { place, unit, project, bytes, lastActivityMs }: FolderStep, now: number): boolean {
  const { agent, project: pattern, olderThanDays = 0, youngerThanDays = Number.POSITIVE_INFINITY } = filter;
  const age = now - lastActivityMs;
  if (agent !== undefined && agent !== place.source.name) return false;
  if (pattern !== undefined && ![unit.project, project].some((name) => fitsPattern(pattern, name))) return false;
  // An age of less than nothing is that of a clock that was wrong.
  if (filter.olderThanDays !== undefined && age < olderThanDays * DAY_MS) return false;
  if (age >= youngerThanDays * DAY_MS) return false;
  return bytes >= (filter.minBytes ?? 0) && bytes <= (filter.maxBytes ?? Number.POSITIVE_INFINITY);
}

/** `*` for any characters but `/`, `**` for any, `?` for one. Takes time in proportion to pattern times name. */
function fitsPattern(pattern: string, name: string): boolean {
  const letters = Array.from(name);
  const isWithin = (part: string, at: number): boolean => part === "**" || letters[at] !== "/";
  // Whether the parts so far fit the first letters, for each number of letters.
  let fitting = [true, ...letters.map(() => false)];
  for (const part of pattern.match(/\*\*|[\s\S]/gu) ?? []) {
    const next: boolean[] = [];
    for (let i = 0; i <= letters.length; i++) {
      const before = i > 0;
      if (part === "*" || part === "**")
        next.push(fitting[i] || (before && next[i - 1] && isWithin(part, i - 1)) || false);
      else
        next.push(
          (before && fitting[i - 1] && (part === "?" ? isWithin(part, i - 1) : letters[i - 1] === part)) || false,
        );
    }
    fitting = next;
  }
  return fitting.at(-1) === true;
}
