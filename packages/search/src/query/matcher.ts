/** Finds one term in one text. */
import type { Term } from "./query.js";
import { escaped, regexOf } from "./regex.js";
import { betweenEdges, standsAlone } from "./word-edges.js";

/** `[start, end)` in UTF-16 code units. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

export interface MatchOptions {
  readonly ignoreCase: boolean;
  readonly wholeWords: boolean;
}

/** The first match that starts at `from` or later. */
export type Matcher = (text: string, from?: number) => Match | undefined;

/**
 * Literals ignore case by the rule of patterns without the flag `u`, by which no letter beyond ASCII equals one within:
 * `ſ` is not `s`. In a regular expression, `^` and `$` also stand for the ends of a text's lines.
 */
export function matcherFor(term: Term, { ignoreCase, wholeWords }: MatchOptions): Matcher {
  const flags = ignoreCase ? "gi" : "g";
  if (term.kind === "regex") {
    const plain = regexOf(term.source, `${flags}m`);
    if (!wholeWords) return matching(plain);
    return matching(new RegExp(betweenEdges(term.source, plain.unicode), plain.flags));
  }
  const find = ignoreCase ? matching(new RegExp(escaped(term.text), flags)) : exactly(term.text);
  if (!wholeWords) return find;
  return (text, from = 0) => {
    let match = find(text, from);
    while (match && !standsAlone(text, match.start, match.end)) match = find(text, match.start + 1);
    return match;
  };
}

function matching(regex: RegExp): Matcher {
  return (text, from = 0) => {
    regex.lastIndex = from;
    const found = regex.exec(text);
    return found ? { start: found.index, end: found.index + found[0].length } : undefined;
  };
}

function exactly(literal: string): Matcher {
  return (text, from = 0) => {
    const start = text.indexOf(literal, from);
    return start === -1 ? undefined : { start, end: start + literal.length };
  };
}
