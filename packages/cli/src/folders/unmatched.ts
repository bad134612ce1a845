/** Filters that no session fits: most likely a word of them is misspelt. Pure. */
import { type FolderPlan, filteredOf, matchesFilter } from "@session-archiver/agent-folders";
import { printable } from "../output/text.js";
import { filterText } from "./filters-option.js";

/** For people, one line for each: `No session matches --exclude project=/home/me/wrok`. */
export function unmatchedFilters({
  policy,
  steps,
  at,
}: Pick<FolderPlan, "policy" | "steps" | "at">): readonly string[] {
  // Where sessions were named, nobody has typed the filter that leaves out all others.
  if (policy.free.length > 0) return [];
  const given = [
    ...policy.include.map((filter) => ({ flag: "--only", filter })),
    ...policy.exclude.map((filter) => ({ flag: "--exclude", filter })),
  ];
  return given
    .filter(({ filter }) => !steps.some((step) => matchesFilter(filter, filteredOf(step, at))))
    .map(({ flag, filter }) => printable(`No session matches ${flag} ${filterText(filter)}`));
}
