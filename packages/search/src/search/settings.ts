/** The options of a search, checked and with their defaults. */
import { ArchiverError } from "@session-archiver/core";
import type { SearchOptions, SearchScope } from "./search-options.js";

export interface Settings extends Pick<SearchOptions, "filter" | "ids" | "signal"> {
  readonly in: SearchScope;
  readonly limit: number;
  readonly perSession: number;
  readonly firstOnly: boolean;
  readonly context: number;
  readonly snippetLength: number;
}

/** `INVALID_ARGUMENT` for a wrong value. */
export function settingsOf(options: SearchOptions): Settings {
  const { limit, perSession, context, snippetLength, firstOnly = false } = options;
  whole("limit", limit, 1);
  whole("perSession", perSession, 1);
  whole("context", context, 0);
  whole("snippetLength", snippetLength, 1);
  oneOf("firstOnly", firstOnly, [true, false]);
  oneOf("matchCase", options.matchCase, ["smart", "ignore", "exact"]);
  oneOf("in", options.in, ["all", "prose", "tools"]);
  return {
    filter: options.filter,
    ids: options.ids,
    signal: options.signal,
    in: options.in ?? "all",
    limit: limit ?? Number.POSITIVE_INFINITY,
    perSession: firstOnly ? 1 : (perSession ?? Number.POSITIVE_INFINITY),
    firstOnly,
    context: context ?? 0,
    snippetLength: snippetLength ?? 160,
  };
}

function whole(name: string, value: unknown, from: number): void {
  if (value === undefined || value === Number.POSITIVE_INFINITY) return;
  if (Number.isSafeInteger(value) && (value as number) >= from) return;
  throw new ArchiverError(
    "INVALID_ARGUMENT",
    `search: ${name} must be a whole number from ${from} on, is ${String(value)}.`,
  );
}

function oneOf(name: string, value: unknown, known: readonly (string | boolean)[]): void {
  if (value === undefined || known.includes(value as string | boolean)) return;
  throw new ArchiverError(
    "INVALID_ARGUMENT",
    `search: ${name} must be one of ${known.join(", ")}, is ${String(value)}.`,
  );
}
