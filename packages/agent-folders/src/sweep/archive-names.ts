/** What a unit's files are called in its archive. A file that was rewritten gets a new name: `notes.txt~2`. */
import type { OriginalMember, Originals } from "../originals.js";
import { keyOf } from "../paths.js";
import type { Member } from "../source.js";

/**
 * The names in the archive, by the files; one that is archived already keeps its name. So does one that has moved: what was
 * noted under its name is not in its place any more. If it is another file after all, the archiver says that it differs.
 */
export function archiveNames(members: readonly Member[], noted: Originals["members"]): ReadonlyMap<Member, string> {
  const byPath = new Map(Object.entries(noted).map(([name, { root, path }]) => [keyOf(root, path), name]));
  const names = new Map<Member, string>();
  const here = new Set(members.map(({ root, path }) => keyOf(root, path)));
  const taken = new Set([...byPath].flatMap(([place, name]) => (here.has(place) ? [name] : [])));
  for (const member of members) {
    const own = byPath.get(keyOf(member.root, member.path));
    // The transcript is the output, wherever it has moved.
    let name = member.name === "output" ? "output" : (own ?? member.name);
    while (name !== own && name !== "output" && taken.has(name)) name = nextName(name);
    taken.add(name);
    names.set(member, name);
  }
  return names;
}

export function nextName(name: string): string {
  const [, first = name, count = "1"] = /^(.*)~(\d{1,9})$/su.exec(name) ?? [];
  return `${first}~${Number(count) + 1}`;
}

/** Noted files that are not in their places any more: the archive still has them. */
export function goneMembers(members: readonly Member[], noted: Originals["members"]): Record<string, OriginalMember> {
  const here = new Set(members.map(({ root, path }) => keyOf(root, path)));
  const isGone = ([name, { root, path }]: readonly [string, OriginalMember]): boolean =>
    name !== "output" && !here.has(keyOf(root, path));
  return Object.fromEntries(Object.entries(noted).filter(isGone));
}
