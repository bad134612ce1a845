/** What is known of each file of a thread, or what its first line says. */
import { hasCode } from "@session-archiver/core";
import type { FileLook, Files } from "../files.js";
import { inParallel, READS_AT_ONCE } from "../parallel.js";
import type { KnownTranscript, LeftOut, Root, ScanOptions } from "../source.js";
import { canUnzstd, firstLine } from "./first-line.js";
import { type CodexHead, parseHead } from "./head.js";
import type { RolloutName } from "./names.js";
import { isStart, type Rollout, unitId } from "./threads.js";

export interface RolloutFile {
  readonly root: Root;
  /** Relative to the root. */
  readonly path: string;
  readonly look: FileLook;
  readonly name: RolloutName;
}

interface Seen {
  readonly file: RolloutFile;
  readonly nativeId: string;
  readonly known: KnownTranscript | undefined;
  readonly head: CodexHead | undefined;
}

export async function readRollouts(
  found: readonly RolloutFile[],
  files: Files,
  options: ScanOptions,
): Promise<{ readonly rollouts: readonly Rollout[]; readonly leftOut: readonly LeftOut[] }> {
  const looked = await inParallel(READS_AT_ONCE, found, (file) => see(file, files, options), options);
  const seen = looked.filter((each) => "nativeId" in each);
  const decided = await withHeads(seen, files, options);
  const segments = new Map(
    decided.flatMap(({ file, nativeId }) => (file.name.segment ? [[file.name.segment, nativeId] as const] : [])),
  );
  return {
    rollouts: decided.map((each) => rolloutOf(each, segments)),
    leftOut: looked.filter((each) => "reason" in each),
  };
}

async function see(file: RolloutFile, files: Files, options: ScanOptions): Promise<Seen | LeftOut> {
  const known = options.known(file.root.name, file.path, file.look);
  if (known) return { file, nativeId: known.nativeId, known, head: undefined };
  const head = await headOf(file, files);
  // A compressed file stays where it is, so that the id in its name may do.
  const nativeId = head === "unreadable" ? undefined : (head?.nativeId ?? idByName(file));
  if (head !== "unreadable" && nativeId !== undefined) return { file, nativeId, known, head };
  return { root: file.root.name, path: file.path, reason: head === "unreadable" ? head : "not a session" };
}

const idByName = ({ name }: RolloutFile): string | undefined => (name.isCompressed ? name.nameId : undefined);

async function headOf({ root, path, name }: RolloutFile, files: Files): Promise<CodexHead | "unreadable" | undefined> {
  if (name.isCompressed && !canUnzstd) return undefined;
  try {
    const line = await firstLine(files, `${root.path}/${path}`, name.isCompressed);
    return line === undefined ? undefined : parseHead(line);
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    return "unreadable";
  }
}

/** Where no name of a thread's files says which one is its beginning, the heads of those that were known say it. */
async function withHeads(seen: readonly Seen[], files: Files, options: ScanOptions): Promise<readonly Seen[]> {
  const begun = new Set(seen.filter(({ file }) => isStart(file.name, undefined)).map(({ nativeId }) => nativeId));
  const read = async (each: Seen): Promise<Seen> => {
    if (each.head !== undefined || begun.has(each.nativeId)) return each;
    const head = await headOf(each.file, files);
    return { ...each, head: head === "unreadable" ? undefined : head };
  };
  return inParallel(READS_AT_ONCE, seen, read, options);
}

function rolloutOf({ file, nativeId, known, head }: Seen, segments: ReadonlyMap<string, string>): Rollout {
  const { root, path, look, name } = file;
  const base = head?.base && (segments.get(head.base.id) ?? head.base.id);
  const needs = [base, head?.forkedFrom].filter((id) => id !== undefined).map(unitId);
  const folder = [root.name, ...path.split("/").slice(0, -1)].join("/");
  return {
    root: root.name,
    path,
    look,
    name,
    nativeId,
    project: known?.project ?? head?.cwd ?? folder,
    needs: known?.needs ?? needs,
    continues: head && base === nativeId,
    isLinked: look.links > 1,
  };
}
