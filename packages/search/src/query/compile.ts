/** Makes a query ready to be looked for. */
import { type RawFilter, rawFilterFor } from "../scan/raw-filter.js";
import type { SearchOptions } from "../search/search-options.js";
import { type Matcher, matcherFor } from "./matcher.js";
import type { SearchQuery } from "./query.js";
import { ignoresCase } from "./smart-case.js";

export interface CompiledTerm {
  readonly find: Matcher;
  /** What a line's bytes hold if the term is in its text; `undefined` if nothing can be said. */
  readonly raw: RawFilter | undefined;
  /** Of a literal: its length in UTF-16 code units. */
  readonly length: number;
}

/** At least one; the one whose raw filter lets the fewest lines pass comes first. */
export type CompiledQuery = readonly CompiledTerm[];

export function compile(
  { terms }: SearchQuery,
  { matchCase = "smart", wholeWords = false }: Pick<SearchOptions, "matchCase" | "wholeWords">,
): CompiledQuery {
  const ignoreCase = ignoresCase(terms, matchCase);
  const compiled = terms.map((term) => ({
    find: matcherFor(term, { ignoreCase, wholeWords }),
    raw: rawFilterFor(term, ignoreCase),
    length: term.kind === "literal" ? term.text.length : 0,
  }));
  return compiled.sort((a, b) => (b.raw?.strength ?? 0) - (a.raw?.strength ?? 0));
}
