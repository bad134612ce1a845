/** Looks for all terms in the texts of a line. */
import type { CompiledQuery } from "../query/compile.js";
import type { Match } from "../query/matcher.js";
import type { LineText } from "./line-texts.js";

export interface Found {
  /** The text that holds most of the terms; the first of such texts. */
  readonly in: LineText;
  /** The first match in it. */
  readonly at: Match;
}

/** `undefined` unless every term is in one of the texts. */
export function findIn(texts: readonly LineText[], query: CompiledQuery): Found | undefined {
  const missing = new Set(query);
  let best: Found | undefined;
  let most = 0;
  for (const text of texts) {
    if (most === query.length) break;
    let count = 0;
    let first: Match | undefined;
    for (const term of query) {
      const match = term.find(text.text);
      if (!match) continue;
      missing.delete(term);
      count++;
      if (!first || match.start < first.start) first = match;
    }
    if (count <= most || !first) continue;
    most = count;
    best = { in: text, at: first };
  }
  return missing.size === 0 ? best : undefined;
}
