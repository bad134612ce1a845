/** What is searched for. Plain data: made by `parseQuery`, or by hand. */

/** Text to be found as it stands. */
export interface LiteralTerm {
  readonly kind: "literal";
  readonly text: string;
}

/** A regular expression of JavaScript; `u` where the pattern allows that flag. */
export interface RegexTerm {
  readonly kind: "regex";
  readonly source: string;
}

export type Term = LiteralTerm | RegexTerm;

/** A line is found if it holds every one of the terms, in any order. */
export interface SearchQuery {
  readonly terms: readonly Term[];
}
