/** What a mended copy of a thread is called, and which ids its first lines get. */
import { join } from "node:path";
import { ArchiverError } from "@session-archiver/core";
import type { Files } from "../files.js";
import { firstLine } from "./first-line.js";
import { type CodexHead, type HistoryBase, parseHead } from "./head.js";
import { isThreadId, type RolloutName, rolloutName } from "./names.js";

export interface MendStep {
  /** Relative to the root. */
  readonly from: string;
  readonly to: string;
  /** Where the copy is written, until all of them are whole. */
  readonly part: string;
  /** Where its base ends in the file that the base names; `undefined`: it has none, or not in this thread. */
  readonly base: HistoryBase | undefined;
  /** By which id later files name this one as their base. */
  readonly id: string;
}

export interface MendPlan {
  readonly nativeId: string;
  readonly newId: string;
  /** Files that others continue come first. */
  readonly steps: readonly MendStep[];
  /** New ids by the old ones: the thread's, and those of the files that a revert began. */
  readonly ids: ReadonlyMap<string, string>;
}

interface File {
  readonly path: string;
  readonly name: RolloutName;
  readonly head: CodexHead;
}

export async function planMend(
  files: Files,
  root: string,
  paths: readonly string[],
  newId: () => string,
): Promise<MendPlan> {
  const found: File[] = [];
  for (const path of paths) found.push(await look(files, root, path));
  const nativeId = found[0]?.head.nativeId;
  if (nativeId === undefined || found.some(({ head }) => head.nativeId !== nativeId)) {
    throw new ArchiverError("INVALID_ARGUMENT", "Name all files of one thread: these are of none, or of several.");
  }
  const segments = found.map(({ name }) => name.segment ?? nativeId);
  if (new Set(segments).size < segments.length) {
    throw new ArchiverError("INVALID_ARGUMENT", `The thread ${nativeId} has two files for the same part of it.`);
  }
  // Among files of the same second, Codex takes the one with the greatest id for the newest. Its own ids rise with time.
  const oldIds = [...new Set([nativeId, ...segments])].sort();
  const newIds = oldIds.map(() => newId()).sort();
  const ids = new Map(oldIds.map((id, at) => [id, newIds[at] ?? id] as const));
  const threadId = ids.get(nativeId) ?? nativeId;
  const steps = found.map((file) => stepOf(file, ids, threadId));
  // A base lies in an earlier file; names hold the time.
  return { nativeId, newId: threadId, ids, steps: steps.sort((a, b) => Number(a.to > b.to) - Number(a.to < b.to)) };
}

async function look(files: Files, root: string, path: string): Promise<File> {
  const name = rolloutName(path);
  if (name?.isCompressed) {
    const what = `${path} is compressed. Let Codex resume it once, which writes it out, and try again.`;
    throw new ArchiverError("INVALID_ARGUMENT", what);
  }
  if ((await files.look(join(root, path))) === undefined) throw new ArchiverError("NOT_FOUND", `There is no ${path}.`);
  const line = await firstLine(files, join(root, path), false);
  const head = line === undefined ? undefined : parseHead(line);
  if (name?.nameId === undefined || head === undefined || !isThreadId(head.nativeId)) {
    throw new ArchiverError("CORRUPT", `${path} does not begin as a thread of Codex does, and can't be mended.`);
  }
  return { path, name, head };
}

function stepOf({ path, name, head }: File, ids: ReadonlyMap<string, string>, threadId: string): MendStep {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const segment = name.segment === undefined ? "" : `_${ids.get(name.segment)}`;
  const id = name.segment ?? head.nativeId;
  const isOwn = head.base !== undefined && ids.has(head.base.id);
  return {
    from: path,
    to: `${folder}${name.prefix}${threadId}${segment}.jsonl`,
    part: `${folder}.session-archiver-${ids.get(id)}.part`,
    base: isOwn ? head.base : undefined,
    id,
  };
}
