/** Cuts the part of a text that shows what was found. */
import type { CompiledQuery } from "../query/compile.js";
import type { Match } from "../query/matcher.js";
import type { Snippet } from "./hit.js";

/** Beside what is shown, this much is looked at, so that matches at the edges are found as they are in the whole. */
const AROUND = 256;

/** About `length` characters around the match; a third of what is beside it goes before it. */
export function snippetOf(whole: string, at: Match, query: CompiledQuery, length: number): Snippet {
  const room = Math.max(0, length - (at.end - at.start));
  const wanted = Math.max(0, Math.min(at.start - Math.floor(room / 3), whole.length - length));
  const start = isWithin(whole, wanted) ? wanted - 1 : wanted;
  const last = Math.min(whole.length, Math.max(wanted + length, Math.min(at.end, at.start + length)));
  const end = isWithin(whole, last) ? last + 1 : last;
  return {
    text: detached(whole.slice(start, end)),
    matches: matchesIn(whole, { start, end }, at, query).map(({ start: from, end: to }) => [from - start, to - start]),
    isCutBefore: start > 0,
    isCutAfter: end < whole.length,
  };
}

/** Whether this is the middle of a character of two code units. */
function isWithin(text: string, at: number): boolean {
  return at > 0 && at < text.length && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function matchesIn(whole: string, shown: Match, first: Match, query: CompiledQuery): readonly Match[] {
  const from = Math.max(0, shown.start - AROUND);
  const near = whole.slice(from, shown.end + AROUND);
  const all: Match[] = [first];
  for (const { find } of query) {
    for (let match = find(near); match; match = find(near, Math.max(match.end, match.start + 1))) {
      all.push({ start: match.start + from, end: match.end + from });
      if (match.start >= near.length) break;
    }
  }
  return joined(
    all
      .map(({ start, end }) => ({ start: Math.max(start, shown.start), end: Math.min(end, shown.end) }))
      .filter(({ start, end }) => start < end)
      .sort((a, b) => a.start - b.start),
  );
}

/** Matches that touch or overlap become one. */
function joined(matches: readonly Match[]): readonly Match[] {
  const apart: Match[] = [];
  for (const match of matches) {
    const last = apart.at(-1);
    if (last && match.start <= last.end)
      apart[apart.length - 1] = { start: last.start, end: Math.max(last.end, match.end) };
    else apart.push(match);
  }
  return apart;
}

/** A copy that does not keep the whole text in memory, as a slice would. */
function detached(text: string): string {
  return Array.from(text).join("");
}
