/** What a search has covered, in a line or two for stderr. */
import type { Coverage } from "@session-archiver/search";
import { formatSize } from "../output/sizes.js";
import { count } from "../output/text.js";

interface Shown {
  /** With hits. */
  readonly sessions: number;
  /** Lines beyond a number were not wanted. */
  readonly isLimited: boolean;
  /** Whether every line was looked for, or only one of each session. */
  readonly linesCounted: boolean;
}

export function coverageText(coverage: Coverage, { sessions, isLimited, linesCounted }: Shown): string {
  const { hits, bytes, filteredOut, pruned, unreadable, damaged, longLines, isComplete } = coverage;
  const lines = linesCounted ? `${count(hits, "line")} found in ` : "Found in ";
  const nothing = unreadable.length > 0 ? "Nothing found in what can be read" : "Nothing found";
  const found = hits === 0 ? nothing : `${lines}${count(sessions, "session")}`;
  const left = [
    ...(pruned > 0 ? [`${pruned} pruned`] : []),
    ...(unreadable.length > 0 ? [`${unreadable.length} that can't be read, or not whole`] : []),
    ...(filteredOut > 0 ? [`${filteredOut} left out by filters`] : []),
  ];
  return [
    `${found}; searched ${formatSize(bytes)} of ${count(coverage.sessions, "session")}.`,
    ...(isLimited && !isComplete ? ["There may be more: the search stopped at its limit."] : []),
    ...(left.length > 0 ? [`Not searched: ${left.join(", ")}.`] : []),
    ...(damaged.length > 0 ? [`${count(damaged.length, "session")} searched in spite of a damaged archive.`] : []),
    ...(longLines > 0 ? [`${count(longLines, "very long line")} searched in parts.`] : []),
  ].join(" ");
}
