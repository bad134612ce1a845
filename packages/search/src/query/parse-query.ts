/** Reads a query as people type it. */
import { ArchiverError } from "@session-archiver/core";
import type { SearchQuery, Term } from "./query.js";
import { regexOf } from "./regex.js";

export interface QueryOptions {
  /** Each argument is one regular expression. */
  readonly regex?: boolean | undefined;
  /** Each argument is searched for as it stands, quotes and spaces included. */
  readonly literal?: boolean | undefined;
}

/**
 * Words, which may stand anywhere in a line, and `"phrases"`. A quote begins a phrase only where a word would begin.
 * `INVALID_ARGUMENT` for an empty query, a phrase without an end, and a pattern that is no regular expression.
 */
export function parseQuery(text: string | readonly string[], options: QueryOptions = {}): SearchQuery {
  const given: readonly unknown[] = Array.isArray(text) ? text : [text];
  if (!given.every((one) => typeof one === "string")) throw wrong("The query must be a text, or a list of texts.");
  if (options.regex && options.literal) throw wrong("A query is literal or a regular expression, not both.");
  const terms = given.flatMap((one): readonly Term[] => {
    if (options.regex) return one === "" ? [] : [regexTerm(one)];
    return options.literal ? literals([one]) : literals(words(one));
  });
  if (terms.length === 0) throw wrong("The query is empty: say what to look for.");
  return { terms };
}

function literals(texts: readonly string[]): readonly Term[] {
  return texts.filter((text) => text !== "").map((text) => ({ kind: "literal", text }));
}

function regexTerm(source: string): Term {
  regexOf(source, "");
  return { kind: "regex", source };
}

function words(text: string): readonly string[] {
  const found: string[] = [];
  for (let rest = text.trimStart(); rest !== ""; rest = rest.trimStart()) {
    if (!rest.startsWith('"')) {
      const word = /^\S+/u.exec(rest)?.[0] ?? rest;
      found.push(word);
      rest = rest.slice(word.length);
      continue;
    }
    const end = rest.indexOf('"', 1);
    if (end === -1) {
      throw wrong(`The phrase ${rest} has no closing quote. To look for a quote itself, ask for a literal query.`);
    }
    found.push(rest.slice(1, end));
    rest = rest.slice(end + 1);
  }
  return found;
}

function wrong(message: string): ArchiverError {
  return new ArchiverError("INVALID_ARGUMENT", message);
}
