/** Sorts what lies below `projects/` by the names that Claude Code gives: nothing is opened. */
import type { LeftOut, Root } from "../source.js";
import type { Walked, WalkedFile } from "../walk/walk.js";
import { isOldSubagent, isUuid, partsOf, stemOf } from "./names.js";

export interface ProjectTree {
  /** By `<slug>/<uuid>`. */
  readonly sessions: ReadonlyMap<string, SessionFiles>;
  /** Old subagents beside sessions: their lines say whose they are. */
  readonly subagents: readonly WalkedFile[];
  /** Transcripts whose names say nothing. */
  readonly unnamed: readonly WalkedFile[];
  /** Everything that is not in one of these. */
  readonly leftOut: readonly LeftOut[];
}

export interface SessionFiles {
  readonly slug: string;
  readonly uuid: string;
  readonly transcript: WalkedFile;
  /** What lies below `<slug>/<uuid>/`. */
  readonly inside: readonly WalkedFile[];
  /** `<slug>/<uuid>` and those below it. */
  readonly folders: readonly WalkedFile[];
  /** What lies there and can't be taken along. */
  readonly leftOut: readonly LeftOut[];
}

export function projectTree(root: Root, walked: Walked): ProjectTree {
  const transcripts = new Map<string, WalkedFile>();
  const subagents: WalkedFile[] = [];
  const unnamed: WalkedFile[] = [];
  const below: WalkedFile[] = [];
  const leftOut: LeftOut[] = [...walked.leftOut];
  const leaveOut = ({ path }: WalkedFile, reason: LeftOut["reason"]): void =>
    void leftOut.push({ root: root.name, path, reason });

  for (const file of walked.files) {
    const parts = partsOf(file.path);
    const stem = parts && stemOf(parts.name);
    if (parts?.inside !== undefined) below.push(file);
    else if (!parts || stem === undefined) leaveOut(file, "not a session");
    else if (file.look.size === 0) leaveOut(file, "empty");
    else if (isUuid(stem)) transcripts.set(`${parts.slug}/${stem}`, file);
    else if (isOldSubagent(parts.name)) subagents.push(file);
    else unnamed.push(file);
  }
  const inside = groupsOf(below);
  const folders = groupsOf(walked.folders);
  const missed = groupsOf(walked.leftOut);
  const sessions = new Map<string, SessionFiles>();
  for (const [key, transcript] of transcripts) {
    const [slug = "", uuid = ""] = key.split("/");
    const of = <Item>(groups: ReadonlyMap<string, readonly Item[]>): readonly Item[] => groups.get(key) ?? [];
    sessions.set(key, {
      slug,
      uuid,
      transcript,
      inside: of(inside),
      folders: of(folders),
      leftOut: of(missed),
    });
  }
  // What is left of a session whose transcript is gone, and `memory/`.
  for (const [key, files] of inside) if (!sessions.has(key)) for (const file of files) leaveOut(file, "not a session");
  return { sessions, subagents, unnamed, leftOut };
}

/** By `<slug>/<name>`. */
function groupsOf<Item extends { readonly path: string }>(items: readonly Item[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const parts = partsOf(item.path);
    if (!parts) continue;
    const key = `${parts.slug}/${parts.name}`;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
