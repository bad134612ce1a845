/** Decides which session a file belongs to. */
import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { systemCode } from "../fs-errors.js";
import type { FoundFile } from "./find.js";
import type { Known, KnownSessions } from "./known-sessions.js";

export interface Target {
  readonly id: string;
  /** The session as it is; `undefined` if it would be new. */
  readonly known: Known | undefined;
  /**
   * Whether the file may replace what the session holds if neither continues the other: it is the same file, rewritten
   * or moved, and not a second one beside it.
   */
  readonly mayReplace: boolean;
}

/**
 * The sessions that the file may be imported into: the first one that it doesn't contradict, or may replace.
 * `identity`: what its lines say.
 */
export async function targetsOf(
  file: FoundFile,
  identity: string | undefined,
  sessions: KnownSessions,
): Promise<readonly Target[]> {
  const id = await idFor(file, identity, sessions);
  const beside = besideOf(file, identity);
  const ids = new Set([id, beside, `${beside}~${hashOf(file.location)}`]);
  const targets: Target[] = [];
  for (const one of ids) {
    const known = await sessions.get(one);
    // A free id may be taken by another import before it is written to.
    const mayReplace = known !== undefined && (await isSameFile(file, identity, known));
    targets.push({ id: one, known, mayReplace });
    // Others come after one that is free, or that is this very file's.
    if (known === undefined || isAt(known, file)) break;
  }
  const own = targets.find(({ known }) => known && isAt(known, file));
  return own?.mayReplace ? [own] : targets;
}

/** The id of the file's session if another has the first claim to its name. */
export function besideOf(file: FoundFile, identity: string | undefined): string {
  return `${identity ?? file.archiveOf ?? file.pathId}/${file.name}`;
}

async function idFor(file: FoundFile, identity: string | undefined, sessions: KnownSessions): Promise<string> {
  const { archiveOf, pathId } = file;
  const agrees = (known: Known): boolean => identity === undefined || [undefined, identity].includes(known.identity);
  // A session that an earlier version imported under its path continues there; so does a file whose first lines had no
  // id.
  for (const known of await sessions.at(file.location)) if (agrees(known)) return known.id;
  // An archive of a session that was imported beside another has lines with the other's id.
  if (identity !== undefined && archiveOf?.startsWith(`${identity}/`)) return archiveOf;
  for (const id of [archiveOf, identity]) if (id !== undefined && (await sessions.get(id))) return id;
  if (archiveOf === undefined) {
    const known = await sessions.get(pathId);
    const isImported = known !== undefined && (known.location ?? known.oldPath) !== undefined;
    if (isImported && agrees(known)) return pathId;
  }
  const called = identity === undefined ? undefined : await sessions.called(identity);
  return called ?? archiveOf ?? identity ?? pathId;
}

/** Whether the session was imported from this file, or from one that no longer exists. */
async function isSameFile(file: FoundFile, identity: string | undefined, known: Known): Promise<boolean> {
  if (identity !== undefined && known.identity !== undefined && identity !== known.identity) return false;
  if (isAt(known, file)) return true;
  const path = known.location ?? known.oldPath;
  // A host's own session, or a relative path whose folder is unknown.
  if (path === undefined || !isAbsolute(path)) return false;
  try {
    return (await realpath(path)) === file.location;
  } catch (error) {
    return ["ENOENT", "ENOTDIR"].includes(systemCode(error));
  }
}

function isAt({ location, oldPath }: Known, file: FoundFile): boolean {
  if (location !== undefined) return location === file.location;
  if (oldPath === undefined || oldPath === file.path) return oldPath !== undefined;
  return isAbsolute(oldPath) ? file.location === oldPath : file.location.endsWith(join(sep, normalize(oldPath)));
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
