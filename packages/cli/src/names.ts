/** What else a session may be called. */
import type { CommandContext } from "./command.js";

/** For more words than these only whole names count: each costs a comparison with every name. */
const MOST_BEGINNINGS = 10;

/**
 * Finds the sessions that have one of these words for another name, or that alone as the beginning of one: an alias, or what
 * stands behind the agent's name in the id. Costs a listing, if there are words at all.
 */
export async function otherNames(
  { archiver, signal }: CommandContext,
  words: readonly string[],
): Promise<(word: string) => readonly string[]> {
  const called = new Map(words.map((word) => [word, new Set<string>()]));
  const begun = new Map(words.slice(0, MOST_BEGINNINGS).map((word) => [word, new Set<string>()]));
  if (words.length > 0) {
    for await (const { id, aliases } of archiver.list({ from: "metadata", signal })) {
      for (const name of [...aliases, id.slice(id.indexOf(":") + 1)]) {
        called.get(name)?.add(id);
        for (const [word, ids] of begun) if (name.startsWith(word)) ids.add(id);
      }
    }
  }
  return (word) => [...(called.get(word)?.size ? (called.get(word) ?? []) : (begun.get(word) ?? []))];
}
