/** The transcripts of a plain folder as units of one file each. */
import { basename, dirname, join } from "node:path/posix";
import { MAX_ARCHIVABLE_ID_LENGTH, OUTPUT } from "@session-archiver/core";
import type { Files } from "../files.js";
import { hashOf } from "../ids.js";
import { withOwnIds } from "../own-ids.js";
import { inParallel, READS_AT_ONCE } from "../parallel.js";
import { identityIn } from "../read/head.js";
import type { KnownTranscript, LeftOut, Root, Scan, ScanOptions, Unit } from "../source.js";
import { membersUnit } from "../unit.js";
import { byPath, type WalkedFile, walk } from "../walk/walk.js";

export const ENDING: RegExp = /\.jsonl$/i;
/** Lists that agents keep beside their sessions. */
const LISTS: ReadonlySet<string> = new Set(["history.jsonl", "session_index.jsonl"]);
/** Lines can name any text. */
const LONGEST_IDENTITY = 300;

export async function folderUnits(root: Root, files: Files, options: ScanOptions): Promise<Scan> {
  const walked = await walk(root, files, options);
  const leftOut: LeftOut[] = [...walked.leftOut];
  const transcripts: WalkedFile[] = [];
  const leaveOut = (path: string, reason: LeftOut["reason"]): void =>
    void leftOut.push({ root: root.name, path, reason });

  const paths = new Set(walked.files.map(({ path }) => path));
  for (const file of walked.files) {
    const name = basename(file.path);
    if (isOfStore(file.path, paths)) leaveOut(file.path, "not a session");
    else if (!ENDING.test(name) || LISTS.has(name)) leaveOut(file.path, "not a session");
    else if (file.look.size === 0) leaveOut(file.path, "empty");
    else transcripts.push(file);
  }
  const seen = await inParallel(READS_AT_ONCE, transcripts, (file) => factsOf(root, files, file, options), options);
  const units: Unit[] = [];
  for (const [index, { path, look }] of transcripts.entries()) {
    const facts = seen[index];
    if (facts === "unreadable") leaveOut(path, "unreadable");
    if (facts === "unreadable" || facts === undefined) continue;
    units.push({
      ...membersUnit([{ name: OUTPUT, root: root.name, path, look }]),
      id: facts.id,
      nativeId: facts.nativeId,
      project: facts.project,
      folders: [],
      needs: [],
    });
  }
  return { units: withOwnIds(root, units, options), leftOut: leftOut.sort(byPath) };
}

/** Live output in a store of session-archiver (`adapter-fs`), this one or another: taken away, its session would be empty. */
const isOfStore = (path: string, all: ReadonlySet<string>): boolean =>
  basename(path).includes("@") &&
  (all.has(`${dirname(path)}.session.json`) || all.has(join(dirname(path), "session.json")));

type Facts = Pick<KnownTranscript, "id" | "nativeId" | "project">;

/** `undefined`: it is gone. */
async function factsOf(
  root: Root,
  files: Files,
  { path, look }: WalkedFile,
  options: ScanOptions,
): Promise<Facts | "unreadable" | undefined> {
  const known = options.known(root.name, path, look);
  if (known) return known;
  const identity = await identityIn(files, `${root.path}/${path}`, options);
  if (identity === undefined || identity === "unreadable") return identity;
  const { id, nativeId, cwd } = identity;
  const pathId = path.replace(ENDING, "");
  const isUsable = id !== undefined && id.length <= LONGEST_IDENTITY;
  return {
    id: isUsable ? id : idByPath(root, pathId),
    nativeId: isUsable ? (nativeId ?? pathId) : pathId,
    project: cwd ?? (dirname(path) === "." ? basename(root.path) : dirname(path)),
  };
}

/** For a transcript whose lines don't say whose it is. It holds while the folder stays where it is. */
function idByPath(root: Root, pathId: string): string {
  const folder = `folder:${hashOf(root.path).slice(0, 8)}`;
  const id = `${folder}/${pathId}`;
  return id.length <= MAX_ARCHIVABLE_ID_LENGTH && id.isWellFormed() ? id : `${folder}/${hashOf(pathId)}`;
}
