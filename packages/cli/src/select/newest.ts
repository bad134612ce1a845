/** Names sessions by their place among the newest: `@1` is the newest that `list` shows. */
import { ArchiverError } from "@session-archiver/core";
import { factsOf, type SessionFilter, sessionMatcher } from "@session-archiver/search";
import type { CommandContext } from "../command.js";
import { newestFirst } from "./newest-first.js";
import { callerOf, isEmpty, isInUnit } from "./units.js";

/** What `--last` stands for. */
export const LAST = 1;

/** 1 for `@1`, the newest; `undefined` for any other word. */
export function placeOf(word: string): number | undefined {
  const place = Number(/^@(\d{1,9})$/.exec(word)?.[1]);
  return place >= 1 ? place : undefined;
}

/** The id of the session at this place among those that fit; rejects with `NOT_FOUND` if there are fewer. */
export async function newest(context: CommandContext, place: number, filter: SessionFilter = {}): Promise<string> {
  const matches = sessionMatcher(filter);
  let count = 0;
  for await (const info of newestFirst(context)) {
    const facts = factsOf(info);
    if (!matches(info) || isEmpty(info, facts) || (await isInUnit(context, callerOf(info, facts)))) continue;
    if (++count === place) return info.id;
  }
  const there = count === 0 ? "no session" : `only ${count}`;
  const message = `There is no "@${place}": ${there} to choose from.`;
  throw new ArchiverError("NOT_FOUND", message);
}
