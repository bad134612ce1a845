/** Names of Codex's files: `rollout-<local time>-<thread id>.jsonl`, and `…-<thread id>_<segment id>.jsonl`. */

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const THREAD_ID = new RegExp(`^${UUID}$`);
const ROLLOUT = new RegExp(`^(rollout-.*?)(${UUID})(?:_(${UUID}))?$`);
const COMPRESSED = ".jsonl.zst";
const PLAIN = ".jsonl";

/** The form that Codex gives its ids. */
export const isThreadId = (id: string): boolean => THREAD_ID.test(id);

/** Ids in the files of other programs may be any text; these are harmless in paths, commands and on a terminal. */
export const isHarmlessId = (id: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(id);

export interface RolloutName {
  /** The name that the file has when it is not compressed. */
  readonly plain: string;
  readonly isCompressed: boolean;
  /** What comes before the ids: `rollout-<local time>-`. */
  readonly prefix: string;
  /** What the name says, which need not be the thread's id: a review's file is named after another thread. */
  readonly nameId: string | undefined;
  /** Set if a revert began this file: later files name their base by this id. */
  readonly segment: string | undefined;
}

/** `undefined`: not the name of a thread's file. */
export function rolloutName(path: string): RolloutName | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const isCompressed = name.endsWith(COMPRESSED);
  if (name.startsWith(".") || !(isCompressed || name.endsWith(PLAIN))) return undefined;
  const stem = name.slice(0, -(isCompressed ? COMPRESSED : PLAIN).length);
  const ids = ROLLOUT.exec(stem);
  return { plain: stem + PLAIN, isCompressed, prefix: ids?.[1] ?? "rollout-", nameId: ids?.[2], segment: ids?.[3] };
}
