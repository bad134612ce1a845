/** The orders in which sessions can be had. */
import type { ListedSession } from "@session-archiver/core";
import { factsOf, type SessionFacts } from "@session-archiver/search";
import { InvalidArgumentError } from "commander";

/** What an order goes by. Numbers: the largest first; texts: from A to Z. Sessions without a value are the last. */
export type SortKey = number | string | null;

export type Sort = "age" | "started" | "size" | "messages" | "tokens" | "project" | "title";

const KEYS: Readonly<Record<Sort, (info: ListedSession, facts: SessionFacts) => SortKey>> = {
  age: (info) => info.lastActivityMs,
  started: (info) => info.startedAt,
  size: (info) => info.rawBytes,
  messages: (_, { messages }) => messages && messages.user + messages.assistant,
  tokens: (_, { tokens }) => tokens && tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite,
  project: (_, { project }) => textOf(project),
  title: (_, { title }) => textOf(title),
};

const SORTS = Object.keys(KEYS) as Sort[];
export const sortNames: string = SORTS.join(", ");

export function sortArgument(text: string): Sort {
  const sort = SORTS.find((name) => name === text.toLowerCase());
  if (sort !== undefined) return sort;
  throw new InvalidArgumentError(`There is no order "${text}": ${sortNames}.`);
}

export function sortKey(info: ListedSession, sort: Sort, facts: SessionFacts = factsOf(info)): SortKey {
  return KEYS[sort](info, facts);
}

/** A place in an order. */
export interface Place {
  readonly key: SortKey;
  readonly id: string;
}

/** The order of two places; less than 0 if the first one comes first. No two sessions are at the same place. */
export function comparePlaces(a: Place, b: Place): number {
  return compareKeys(a.key, b.key) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  if (typeof a === "number" && typeof b === "number") return b - a;
  return String(a) < String(b) ? -1 : 1;
}

function textOf(text: string | null): string | null {
  return text?.toLowerCase() ?? null;
}
