/** Archives all files of a unit where they lie. */
import { ArchiverError, type Json, type MirroredFile, type OpOptions, OUTPUT } from "@session-archiver/core";
import type { KnownSession } from "../catalogue.js";
import type { FolderHost } from "../host.js";
import { asJson, type OriginalMember, type Originals, versionOf } from "../originals.js";
import { locationIn, rootNamed } from "../paths.js";
import type { Member, Place, Unit } from "../source.js";
import { isArchived, isSameSum, type Sum } from "../sums.js";
import { archiveNames, goneMembers, nextName } from "./archive-names.js";
import { mtimeMsOf, sourceOfMember, sumOfMember } from "./read-member.js";

/** More versions of one file are a fault of its agent. */
const MAX_VERSIONS = 1000;

export interface MirroredUnit {
  readonly outcome: "mirrored" | "pruned" | "forgotten";
  readonly originals: Originals;
  readonly archiveBytesAdded: number;
  /** Why its files must stay although every byte of them is archived. */
  readonly mustStay: string | undefined;
}

type Note = Pick<Originals, "state"> & Partial<Pick<Originals, "keeps" | "run">>;

/** `CONFLICT` if a file changes meanwhile; otherwise errors of the file system and of `archiver.mirror`. */
export async function mirrorUnit(
  host: FolderHost,
  { place, unit, session, sessionId }: MirroredFrom,
  note: Note,
  op: OpOptions,
): Promise<MirroredUnit> {
  const { archiver, files } = host;
  const noted = session?.originals;
  const names = new Map(archiveNames(unit.members, noted?.members ?? {}));
  const sums = new Map<Member, OriginalMember>();
  for (const member of unit.members) sums.set(member, await noteOf(host, place, member, noted));
  let archiveBytesAdded = 0;
  for (let tries = 0; tries < MAX_VERSIONS; tries++) {
    const here = unit.members.flatMap((member) => {
      const [name, sum] = [names.get(member), sums.get(member)];
      return name === undefined || !sum ? [] : [[name, sum] as const];
    });
    const members = { ...goneMembers(unit.members, noted?.members ?? {}), ...Object.fromEntries(here) };
    const originals = originalsOf({ place, unit, sessionId, session }, note, members);
    const result = await archiver.mirror(
      sessionId,
      unit.members.map((member) => ({
        name: names.get(member) ?? member.name,
        source: sourceOfMember(files, locationOf(place, member), member, unit.id),
      })),
      { originals: asJson(originals), members: membersForManifest(members), ...op },
    );
    archiveBytesAdded += result.archiveBytesAdded;
    if (result.outcome !== "mirrored") {
      return { outcome: result.outcome, originals, archiveBytesAdded, mustStay: undefined };
    }
    const differing = new Set(result.files.filter(({ outcome }) => outcome === "differs").map(({ name }) => name));
    if (differing.size === 0) {
      for (const { name, rawBytes, crc32 } of result.files)
        checkSame(sessionId, name, { size: rawBytes, crc32 }, members[name]);
      const mustStay = await whyItStays(archiver, sessionId, result.files, members, note.state !== "kept", op);
      return { outcome: "mirrored", originals, archiveBytesAdded, mustStay };
    }
    for (const [member, name] of names) if (differing.has(name)) names.set(member, nextName(name));
  }
  const message = `A file of session "${sessionId}" was rewritten more than ${MAX_VERSIONS} times: it stays where it is.`;
  throw new ArchiverError("CONFLICT", message, { id: sessionId });
}

/**
 * A file that was archived before was compared with what is noted of its archive: the archive itself is read before the
 * file may go. Errors of an archive that is gone or damaged.
 */
async function whyItStays(
  archiver: FolderHost["archiver"],
  sessionId: string,
  files: readonly MirroredFile[],
  members: Originals["members"],
  isFreeing: boolean,
  op: OpOptions,
): Promise<string | undefined> {
  for (const { name, outcome } of files) {
    const isOlderOutput = name === OUTPUT && outcome === "older";
    const isKnownByNote = outcome === "unchanged" || outcome === "older";
    const member = members[name];
    if (!isOlderOutput && !(isFreeing && isKnownByNote)) continue;
    if (member && (await isArchived(archiver, sessionId, name, member, op))) continue;
    return isOlderOutput
      ? "the archive holds it as an earlier version only"
      : `the archive does not hold the bytes of "${name}" that are noted of it: run verify`;
  }
  return undefined;
}

export interface MirroredFrom {
  readonly place: Place;
  readonly unit: Unit;
  readonly session: KnownSession | undefined;
  readonly sessionId: string;
}

export function locationOf(place: Place, { root, path }: Pick<Member, "root" | "path">): string {
  return locationIn(rootNamed(place, root), path);
}

async function noteOf(
  { files }: FolderHost,
  place: Place,
  member: Member,
  noted: Originals | undefined,
): Promise<OriginalMember> {
  const { root, path, look } = member;
  const sum = await sumOfMember(files, locationOf(place, member), member);
  const version = versionOf(look);
  // A file that was put back is dated as its agent needs it; its own date is the noted one.
  const before = Object.values(noted?.members ?? {}).find((one) => one.root === root && one.path === path);
  const mtimeMs = before?.version === version ? before.mtimeMs : mtimeMsOf(member);
  return { root, path, mode: look.mode & 0o7777, mtimeMs, ...sum, version };
}

function originalsOf(
  { place, unit, sessionId, session }: MirroredFrom,
  note: Note,
  members: Originals["members"],
): Originals {
  return {
    ...{
      source: place.source.name,
      home: place.home,
      nativeId: unit.nativeId,
      project: unit.project,
      needs: unit.needs,
    },
    ...(sessionId !== unit.id && { unit: unit.id }),
    ...{ ...note, members, folders: foldersOf(unit, session?.originals) },
    // What only a manifest says of files that are not here is to be asked about still.
    ...(session?.originals?.rebuilt && Object.keys(members).length > unit.members.length && { rebuilt: true }),
  };
}

/** Folders that are gone already are noted as before. */
function foldersOf({ folders }: Unit, noted: Originals | undefined): Originals["folders"] {
  const isHere = (path: string): boolean => folders.some((folder) => folder.path === path);
  const all = [...folders, ...(noted?.folders ?? []).filter(({ path }) => !isHere(path))];
  return all.sort((a, b) => b.path.split("/").length - a.path.split("/").length);
}

function membersForManifest(members: Originals["members"]): { readonly [name: string]: Json } {
  const entries = Object.entries(members).map(([name, { root, path, mode, mtimeMs }]) => {
    return [name, { path: root === "" ? path : `${root}/${path}`, mode, mtimeMs }] as const;
  });
  return Object.fromEntries(entries);
}

/** The archive was made by one piece and the sum by another: files go only if both say the same. */
function checkSame(id: string, name: string, archived: Sum, read: OriginalMember | undefined): void {
  if (read && isSameSum(archived, read)) return;
  const message = `What is archived of the file "${name}" of session "${id}" is not what was read of it: it stays.`;
  throw new ArchiverError("CONFLICT", message, { id });
}
