/** Makes many runs shorter, without losing what still matters. */
import type { Change } from "./changes.js";
import type { Run } from "./record.js";

/** Runs of which nothing matters any more are kept by their name, time and count, for people; the newest of them. */
const MOST_RUNS = 1000;

/** Changes of one of these topics make earlier ones of the same session and topic meaningless. */
function topicOf({ change }: Change): string {
  if (change === "pinned" || change === "unpinned") return "pin";
  return change === "updated" || change === "collected" ? change : "bytes";
}

/**
 * The same runs, each once, with only the last change of each session and topic, and without the keys of bytes that are
 * gone. `isThere` asks the sink.
 */
export async function condense(
  runs: readonly Run[],
  isThere: (key: string) => Promise<boolean>,
): Promise<readonly Run[]> {
  const unique = [...new Map(runs.map((run) => [run.run, run])).values()];
  const seen = new Set<string>();
  const condensed: Run[] = [];
  for (const run of unique.toReversed()) {
    const changes: Change[] = [];
    for (const change of run.changes.toReversed()) {
      const name = `${topicOf(change)} ${change.id}`;
      const keys = await leftOf(change.keys ?? [], isThere);
      const isLast = !seen.has(name);
      seen.add(name);
      // Bytes that were given up and are there still must not come back, whatever happened to the session since.
      if (isLast || keys.length > 0) changes.unshift(withKeys(change, keys));
    }
    condensed.unshift({ ...run, changes, count: run.count ?? run.changes.length });
  }
  const empty = condensed.filter(({ changes }) => changes.length === 0);
  const dropped = new Set(empty.slice(0, -MOST_RUNS));
  return condensed.filter((run) => !dropped.has(run));
}

async function leftOf(keys: readonly string[], isThere: (key: string) => Promise<boolean>): Promise<readonly string[]> {
  const left: string[] = [];
  for (const key of keys) if (await isThere(key)) left.push(key);
  return left;
}

function withKeys({ keys: _, ...change }: Change, keys: readonly string[]): Change {
  return keys.length > 0 ? { ...change, keys } : change;
}
