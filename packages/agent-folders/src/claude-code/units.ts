/** Claude Code's sessions as units: a transcript with everything that goes and comes with it. */
import { OUTPUT } from "@session-archiver/core";
import type { Files } from "../files.js";
import { besideName, insideName } from "../ids.js";
import { withOwnIds } from "../own-ids.js";
import type { LeftOut, Member, Root, Scan, ScanOptions, Unit } from "../source.js";
import { membersUnit } from "../unit.js";
import { byPath, type WalkedFile, walk } from "../walk/walk.js";
import { AGENT, partsOf, stemOf } from "./names.js";
import { type Owned, whoseAreThey } from "./owners.js";
import { type ProjectTree, projectTree, type SessionFiles } from "./tree.js";

export async function claudeCodeUnits(root: Root, files: Files, options: ScanOptions): Promise<Scan> {
  const tree = projectTree(root, await walk(root, files, options));
  const owned = await whoseAreThey(root, files, tree, options);
  const units = [...sessionUnits(root, tree, owned, options), ...loneUnits(root, owned, options)];
  return { units: withOwnIds(root, units, options), leftOut: [...tree.leftOut, ...owned.leftOut].sort(byPath) };
}

function sessionUnits(root: Root, tree: ProjectTree, { subagents }: Owned, options: ScanOptions): readonly Unit[] {
  const slugs = slugsOf(tree);
  const units: Unit[] = [];
  for (const [key, session] of tree.sessions) {
    const { uuid, transcript, inside, folders, leftOut } = session;
    const member = (name: string, { path, look }: WalkedFile): Member => ({ name, root: root.name, path, look });
    const own = key.length + 1;
    const members = [
      member(OUTPUT, transcript),
      ...inside.map((file) => member(insideName(file.path.slice(own)), file)),
      ...(subagents.get(key) ?? []).map((file) => member(besideName(partsOf(file.path)?.name ?? ""), file)),
    ];
    const known = options.known(root.name, transcript.path, transcript.look);
    units.push({
      ...membersUnit(members),
      id: `${AGENT}:${uuid}`,
      nativeId: uuid,
      project: known?.project ?? session.slug,
      folders: deepestFirst(root, folders),
      stays: whyItStays(session, slugs.get(uuid) ?? [], leftOut),
      needs: known?.needs ?? [],
    });
  }
  return units;
}

/** Subagents whose session is gone, and transcripts under names that say nothing. */
function loneUnits(root: Root, { lone }: Owned, options: ScanOptions): readonly Unit[] {
  return lone.map(({ file: { path, look }, nativeId }) => {
    const known = options.known(root.name, path, look);
    return {
      ...membersUnit([{ name: OUTPUT, root: root.name, path, look }]),
      id: `${AGENT}:${nativeId}`,
      nativeId,
      project: known?.project ?? partsOf(path)?.slug ?? "",
      folders: [],
      needs: known?.needs ?? [],
    };
  });
}

/** The project folders in which each session has a transcript, also as a link or with several names. */
function slugsOf({ sessions, leftOut }: ProjectTree): ReadonlyMap<string, readonly string[]> {
  const slugs = new Map<string, string[]>();
  const add = (slug: string, uuid: string): void => void slugs.set(uuid, [...(slugs.get(uuid) ?? []), slug]);
  for (const { slug, uuid } of sessions.values()) add(slug, uuid);
  for (const { path, reason } of leftOut) {
    const parts = partsOf(path);
    const uuid = parts && parts.inside === undefined ? stemOf(parts.name) : undefined;
    if (parts && uuid !== undefined && reason !== "empty") add(parts.slug, uuid);
  }
  return slugs;
}

/**
 * Claude Code cleans up what is left in a session's folder once the transcript is gone: so all of it is taken, or nothing. Of
 * two transcripts with one id, it finds neither from a third folder, and each from its own.
 */
function whyItStays({ slug }: SessionFiles, slugs: readonly string[], leftOut: readonly LeftOut[]): string | undefined {
  const [first] = leftOut;
  if (first) return `"${first.path}" belongs to it and can't be taken along: ${first.reason}`;
  const other = slugs.find((one) => one !== slug);
  return other === undefined ? undefined : `Claude Code has a transcript of the same session in "${other}", too`;
}

function deepestFirst(root: Root, folders: readonly WalkedFile[]): Unit["folders"] {
  const depth = (path: string): number => path.split("/").length;
  return folders
    .toSorted((a, b) => depth(b.path) - depth(a.path) || byPath(a, b))
    .map(({ path, look }) => ({ root: root.name, path, mode: look.mode }));
}
