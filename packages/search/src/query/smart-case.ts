/** Whether a query ignores case. */
import type { MatchCase } from "../search/search-options.js";
import type { Term } from "./query.js";

/** Escapes such as `\S` and `\p{Lu}`, whose letters are no text. */
const ESCAPES = /\\(?:[pP]\{[^}]*\}|k<[^>]*>|c[A-Za-z]|u\{[\da-fA-F]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|[\s\S])/g;
const UPPER = /\p{Lu}/u;

export function ignoresCase(terms: readonly Term[], matchCase: MatchCase): boolean {
  if (matchCase !== "smart") return matchCase === "ignore";
  return !terms.some((term) => UPPER.test(term.kind === "literal" ? term.text : term.source.replace(ESCAPES, "")));
}
