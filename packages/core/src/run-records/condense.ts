/** Shortens lists of runs without losing what still matters. */
import type { Change } from "./changes.js";
import type { Run } from "./record.js";

/** How many runs to keep that have no changes left: the newest, with name, time and count, for people to read. */
const MOST_RUNS = 1000;

/** A change makes earlier ones of the same session and topic meaningless. */
function topicOf({ change }: Change): string {
  if (change === "pinned" || change === "unpinned") return "pin";
  return change === "updated" || change === "collected" || change === "resumed" ? change : "bytes";
}

/**
 * The same runs, each once, with only the last change of each session and topic, and without the keys of bytes that are
 * gone. `isThere` looks a key up in the sink.
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
      // Output that continued an archive which is gone by now is part of a later archive.
      const isOver = change.change === "resumed" && change.archive !== undefined && !(await isThere(change.archive));
      // Bytes that were given up but still exist must not come back, whatever happened to the session since.
      if ((isLast && !isOver) || keys.length > 0) changes.unshift(withKeys(change, keys));
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
