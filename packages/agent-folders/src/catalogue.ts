/** All sessions of the store, found by the files that they were made of. Read once for a whole plan. */
import { isAbsolute } from "node:path";
import {
  type Archiver,
  type OpOptions,
  type SessionFailure,
  type SessionInfo,
  type SessionState,
  sourceOf,
} from "@session-archiver/core";
import type { FileLook } from "./files.js";
import { type OriginalMember, type Originals, versionOf } from "./originals.js";
import { keyOf } from "./paths.js";
import { originalsIn } from "./read-originals.js";
import type { KnownTranscript, Place, ScanOptions, Unit } from "./source.js";

/** A session, as far as it has to do with files of agents. */
export interface KnownSession {
  readonly id: string;
  readonly state: SessionState;
  readonly pinned: boolean;
  readonly rawBytes: number;
  readonly archiveBytes: number;
  readonly isForgotten: boolean;
  readonly originals: Originals | undefined;
  /** The working directory, if the session's lines name one. */
  readonly cwd: string | undefined;
  /** `<agent>:<native id>`, if its source has one. */
  readonly identity: string | undefined;
}

export interface Catalogue {
  readonly sessions: readonly KnownSession[];
  /** Sessions that could not be looked at. */
  readonly failures: readonly SessionFailure[];
  get(id: string): KnownSession | undefined;
  /** The session that has or had the file at this place among its originals. */
  at(
    place: Pick<Place, "home"> & { readonly source: { readonly name: string } },
    root: string,
    path: string,
  ): Noted | undefined;
  /** The session that an import has made of the file with this absolute path. */
  importedFrom(location: string): readonly KnownSession[];
  /** The session that has this identity, or had it as a name once. */
  called(identity: string): KnownSession | undefined;
  known(place: Place): ScanOptions["known"];
}

export interface Noted {
  readonly session: KnownSession;
  readonly originals: Originals;
  /** The name of the file in the archive. */
  readonly name: string;
  readonly member: OriginalMember;
}

export async function readCatalogue(archiver: Pick<Archiver, "list">, op: OpOptions): Promise<Catalogue> {
  const failures: SessionFailure[] = [];
  const byId = new Map<string, KnownSession>();
  const byPlace = new Map<string, Noted>();
  const byName = new Map<string, KnownSession>();
  const byLocation = new Map<string, KnownSession[]>();
  const onFailure = (failure: SessionFailure): void => void failures.push(failure);
  for await (const info of archiver.list({ from: "metadata", onFailure, ...op })) {
    const session = knownOf(info);
    const { id, originals, identity } = session;
    byId.set(id, session);
    for (const [name, member] of Object.entries(originals?.members ?? {})) {
      if (originals) byPlace.set(placeKey(originals, member.root, member.path), { session, originals, name, member });
    }
    const unit = originals && (originals.unit ?? id);
    for (const name of [...info.aliases, ...(unit === undefined ? [] : [unit])])
      if (!byName.has(name)) byName.set(name, session);
    if (identity !== undefined && !id.startsWith(`${identity}/`)) byName.set(identity, session);
    const location = locationOf(info);
    if (location !== undefined) byLocation.set(location, [...(byLocation.get(location) ?? []), session]);
  }
  const at = (home: string, source: string, root: string, path: string): Noted | undefined =>
    byPlace.get(placeKey({ home, source }, root, path));
  return {
    sessions: [...byId.values()],
    failures,
    get: (id) => byId.get(id),
    at: ({ home, source }, root, path) => at(home, source.name, root, path),
    importedFrom: (location) => byLocation.get(location) ?? [],
    called: (identity) => byName.get(identity),
    known:
      ({ home, source }) =>
      (root, path, look) =>
        transcriptOf(at(home, source.name, root, path), look),
  };
}

/** The session that a unit belongs to. `undefined`: it would be a new one, with the unit's id. */
export function sessionOf(catalogue: Catalogue, place: Place, unit: Unit, location: string): KnownSession | undefined {
  const [first] = unit.members;
  const noted = first && catalogue.at(place, first.root, first.path);
  if (noted && (noted.originals.unit ?? noted.session.id) === unit.id) return noted.session;
  const agrees = ({ identity }: KnownSession): boolean => identity === undefined || identity === unit.id;
  return catalogue.importedFrom(location).find(agrees) ?? catalogue.get(unit.id) ?? catalogue.called(unit.id);
}

/** What is noted of this file, if it has not changed since. */
function transcriptOf(noted: Noted | undefined, look: FileLook): KnownTranscript | undefined {
  if (!noted || noted.originals.pending || noted.member.version !== versionOf(look)) return undefined;
  const { nativeId, project, needs, unit = noted.session.id } = noted.originals;
  return { id: unit, nativeId, project, needs };
}

export function knownOf({
  id,
  state,
  pinned,
  rawBytes,
  archiveBytes,
  forgottenAt,
  facts,
  meta,
}: SessionInfo): KnownSession {
  const { identity } = sourceOf(meta) ?? {};
  const isForgotten = forgottenAt !== null;
  // If no line of an import had an identity, the session's own id stands there.
  const own = identity !== undefined && identity !== id ? identity : undefined;
  const originals = originalsIn(meta);
  const cwd = facts?.values["cwd"];
  return {
    id,
    state,
    pinned,
    rawBytes,
    archiveBytes,
    isForgotten,
    originals,
    cwd: typeof cwd === "string" && cwd !== "" ? cwd : undefined,
    identity: own ?? (isAgents(id) ? id : undefined),
  };
}

function isAgents(id: string): boolean {
  return /^[a-z][a-z-]*:[^/]+$/.test(id);
}

/** Where an import has found the session's source: by itself, or as noted by the first versions of the program. */
function locationOf({ meta }: SessionInfo): string | undefined {
  const location = sourceOf(meta)?.["location"] ?? meta["import:source"];
  return typeof location === "string" && isAbsolute(location) ? location : undefined;
}

function placeKey({ source, home }: Pick<Originals, "source" | "home">, root: string, path: string): string {
  return keyOf(source, home, root, path);
}
