/** The words of a search, as a shell has left them. */
import { hasCode } from "@session-archiver/core";
import { parseQuery, type SearchQuery } from "@session-archiver/search";
import { UsageError } from "../usage-error.js";

export interface QueryFlags {
  readonly fixedStrings?: true;
  readonly regexp?: true;
}

/**
 * A word with a space in it was quoted for the shell, and is a phrase. Where it holds a `"`, phrases are marked in it. A
 * usage error for what `parseQuery` refuses.
 */
export function queryOf(words: readonly string[], flags: QueryFlags): SearchQuery {
  try {
    return parsed(words, flags);
  } catch (error) {
    throw hasCode(error, "INVALID_ARGUMENT") && error instanceof Error ? new UsageError(error.message) : error;
  }
}

function parsed(words: readonly string[], { fixedStrings, regexp }: QueryFlags): SearchQuery {
  if (regexp || fixedStrings) return parseQuery(words, { regex: regexp, literal: fixedStrings });
  const parts = words.map((word) => parseQuery(isPhrase(word) ? word.trim() : word, { literal: isPhrase(word) }));
  return { terms: parts.flatMap(({ terms }) => terms) };
}

/** Whether a phrase was quoted for the shell only, as people do who mean its words. */
export function hasShellPhrase(words: readonly string[], { fixedStrings, regexp }: QueryFlags): boolean {
  return !fixedStrings && !regexp && words.some(isPhrase);
}

function isPhrase(word: string): boolean {
  return /\s/.test(word.trim()) && !word.includes('"');
}
