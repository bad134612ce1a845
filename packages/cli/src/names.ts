/** Finds sessions by their other names. */
import type { CommandContext } from "./command.js";
import { namesOf } from "./select/short-ids.js";

/** If there are more words than these, only whole names count: beginnings cost a comparison with every name. */
const MOST_BEGINNINGS = 10;

/**
 * Finds the sessions for which one of these words is another name, or a beginning of one that no other session has.
 * Other names are aliases, the part of the id after the agent's name, and the last part of it. Costs a listing, unless
 * there are no words.
 */
export async function otherNames(
  { archiver, signal }: CommandContext,
  words: readonly string[],
): Promise<(word: string) => readonly string[]> {
  const called = new Map(words.map((word) => [word, new Set<string>()]));
  const begun = new Map(words.slice(0, MOST_BEGINNINGS).map((word) => [word, new Set<string>()]));
  if (words.length > 0) {
    for await (const session of archiver.listNewest({ signal })) {
      for (const name of namesOf(session)) {
        called.get(name)?.add(session.id);
        for (const [word, ids] of begun) if (name.startsWith(word)) ids.add(session.id);
      }
    }
  }
  return (word) => [...(called.get(word)?.size ? (called.get(word) ?? []) : (begun.get(word) ?? []))];
}
