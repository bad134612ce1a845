/** Makes units of rollouts: all files of one thread id go and come as one. */
import type { FileLook } from "../files.js";
import type { LeftOut, Member, Unit } from "../source.js";
import { membersUnit } from "../unit.js";
import type { RolloutName } from "./names.js";

/** A rollout, and what is known of it. */
export interface Rollout {
  readonly root: string;
  /** Relative to the root. */
  readonly path: string;
  readonly look: FileLook;
  readonly name: RolloutName;
  readonly nativeId: string;
  readonly project: string;
  /** Unit ids. */
  readonly needs: readonly string[];
  /** Whether lines of another file of the same thread come before its own; `undefined`: only its head would say. */
  readonly continues: boolean | undefined;
  /** Whether the file has several names: then it is left alone, and its thread with it. */
  readonly isLinked: boolean;
}

/** Unit id of a thread. */
export const unitId = (nativeId: string): string => `codex:${nativeId}`;

const COMPRESSED = "compressed by Codex already";
const LINKED = "one of its files has several names";

/**
 * Whether a thread begins in the file, by its name and, if that was read, its head. A revert ends a thread's file, and begins
 * another one whose name says so.
 */
export const isStart = (name: RolloutName | undefined, continues: boolean | undefined): boolean =>
  name?.segment === undefined && continues !== true;

/** A file that a revert began is a beginning only if nothing came before it: the thread was reverted to nothing. */
const beginning = (files: readonly Rollout[]): Rollout | undefined =>
  files.find(({ name, continues }) => isStart(name, continues)) ?? files.find(({ continues }) => continues === false);

const byPlace = (a: Rollout, b: Rollout): number =>
  Number(a.name.isCompressed) - Number(b.name.isCompressed) ||
  // `sessions` before `archived_sessions`.
  Number(a.root < b.root) - Number(a.root > b.root) ||
  Number(a.path > b.path) - Number(a.path < b.path);

export function groupByThread(rollouts: readonly Rollout[]): ReadonlyMap<string, readonly Rollout[]> {
  const groups = new Map<string, Rollout[]>();
  for (const rollout of [...rollouts].sort(byPlace)) {
    const group = groups.get(rollout.nativeId);
    if (group) group.push(rollout);
    else groups.set(rollout.nativeId, [rollout]);
  }
  return groups;
}

/** `files`: all those of one thread, as `groupByThread` gives them. */
export function unitOf(files: readonly Rollout[]): Unit | readonly LeftOut[] {
  const own = files.filter(({ isLinked }) => !isLinked);
  const first = beginning(own);
  if (first === undefined) return own.map(({ root, path }) => ({ root, path, reason: "no beginning" }));
  const id = unitId(first.nativeId);
  return {
    id,
    nativeId: first.nativeId,
    project: first.project,
    ...membersUnit(membersOf(first, own)),
    folders: [],
    stays: own.length < files.length ? LINKED : own.some(({ name }) => name.isCompressed) ? COMPRESSED : undefined,
    needs: needsOf(files),
  };
}

/** Unit ids of what the files of one thread need, without the thread itself. */
export function needsOf(files: readonly Rollout[]): readonly string[] {
  const own = new Set(files.map(({ nativeId }) => unitId(nativeId)));
  return [...new Set(files.flatMap(({ needs }) => needs))].filter((id) => !own.has(id)).sort();
}

/** A compressed file is never the output: what is archived under this name is the lines. */
function membersOf(first: Rollout, all: readonly Rollout[]): readonly Member[] {
  const used = new Set<string>(["output"]);
  const named = ({ root, path, look, name }: Rollout, isOutput: boolean): Member => {
    const ofFile = path.slice(path.lastIndexOf("/") + 1);
    const free = used.has(ofFile) ? `${root}/${path}` : ofFile;
    used.add(free);
    return { name: isOutput && !name.isCompressed ? "output" : free, root, path, look };
  };
  return [named(first, true), ...all.filter((file) => file !== first).map((file) => named(file, false))];
}
