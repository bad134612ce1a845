/** Finds the part of a text where most terms stand together. */
import type { CompiledQuery } from "../query/compile.js";
import type { Match } from "../query/matcher.js";

/** Matches of each term that are looked at. */
const MOST_MATCHES = 20;

/** Of the matches that have the most terms within `length` characters from their start, the first. */
export function bestPlace(whole: string, first: Match, query: CompiledQuery, length: number): Match {
  if (query.length === 1) return first;
  const matches = query.flatMap((term, n) => matchesOf(whole, term.find).map((match) => ({ ...match, term: n })));
  let best = first;
  let most = 0;
  for (const { start, end } of matches.sort((a, b) => a.start - b.start)) {
    const near = matches.filter((other) => other.start >= start && other.end <= start + length);
    const count = new Set(near.map(({ term }) => term)).size;
    if (count <= most) continue;
    most = count;
    best = { start, end };
    if (count === query.length) break;
  }
  return best;
}

function matchesOf(whole: string, find: CompiledQuery[number]["find"]): readonly Match[] {
  const matches: Match[] = [];
  for (let match = find(whole); match && matches.length < MOST_MATCHES; ) {
    matches.push(match);
    const next = Math.max(match.end, match.start + 1);
    match = next <= whole.length ? find(whole, next) : undefined;
  }
  return matches;
}
