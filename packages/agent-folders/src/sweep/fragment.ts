/**
 * Fragments: what a writer writes at a place from which its file was taken. Programs that open their file anew for each
 * line make a new one there, which lacks its beginning.
 */
import { type OpOptions, toBytes } from "@session-archiver/core";
import type { KnownSession } from "../catalogue.js";
import { claimContext, type FolderHost } from "../host.js";
import { versionOf } from "../originals.js";
import { locationIn, rootNamed } from "../paths.js";
import { holds, tellingLineIn } from "../read/telling-line.js";
import { restoredMode } from "../restore/modes.js";
import { asOriginal, stage } from "../restore/stage.js";
import type { Member, Place } from "../source.js";

const HEAD_BYTES = 64 * 1024;
const NEW_LINE = 10;

/** Whether the file continues what the session's archive holds of it, and holds none of that itself. */
export async function isFragmentOf(
  { files, archiver }: FolderHost,
  { source, ...place }: Place,
  member: Member,
  session: KnownSession,
  op: OpOptions,
): Promise<boolean> {
  const [name, noted] = notedAt(session, member) ?? [];
  // Only what is written line by line has a tail: other files are rewritten whole.
  if (!member.path.endsWith(".jsonl")) return false;
  if (!source.isFragment || name === undefined || !noted || noted.size === 0) return false;
  if (session.state === "pruned" || noted.version === versionOf(member.look)) return false;
  const file = await files.open(locationIn(rootNamed({ source, ...place }, member.root), member.path));
  if (!file) return false;
  try {
    const head = await toBytes(file.read({ start: 0, end: HEAD_BYTES }));
    const archived = archiver.read(session.id, {
      name,
      range: { start: 0, end: Math.min(noted.size, head.length) },
      ...op,
    });
    const beginsAlike = Buffer.compare(await archived.bytes(), head.subarray(0, noted.size)) === 0;
    if (beginsAlike || !source.isFragment(head)) return false;
    // Else its user has cut its beginning off: joined, it would have its lines twice.
    const all = archiver.read(session.id, { name, range: { start: 0, end: noted.size }, ...op });
    return !(await holds(all, beginningOf(head)));
  } finally {
    await file.close();
  }
}

/**
 * Puts the whole back: what the archive holds, and the fragment behind it. The archived bytes are laid down as a part
 * that is held aside; from there on, it is the rule for parts and fragments. Resolves to what went wrong.
 */
export async function joinFragment(
  host: FolderHost,
  place: Place,
  member: Member,
  session: KnownSession,
  op: OpOptions,
): Promise<string | undefined> {
  const [name, noted] = notedAt(session, member) ?? [];
  if (name === undefined || !noted) return "nothing is noted of this file";
  const root = rootNamed(place, member.root);
  const bytes = host.archiver.read(session.id, { name, range: { start: 0, end: noted.size }, ...op });
  const staged = await stage(host, place, root, member.path, bytes, { mode: restoredMode(noted.mode) });
  const part = await asOriginal(host, place, staged);
  const { outcome, reason } = await host.rule.putBack(claimContext(host, place), [part], op);
  return outcome === "back" ? undefined : (reason ?? `what was written anew could not be joined: ${outcome}`);
}

function notedAt({ originals }: KnownSession, { root, path }: Member) {
  return Object.entries(originals?.members ?? {}).find(([, noted]) => noted.root === root && noted.path === path);
}

/** The first lines, to the end of one that is long enough to be there once. */
function beginningOf(head: Uint8Array): Uint8Array {
  const end = tellingLineIn(head)?.end ?? head.lastIndexOf(NEW_LINE) + 1;
  return end > 0 ? head.subarray(0, end) : head;
}
