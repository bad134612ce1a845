/** Finds the sessions of a store by where they came from. */
import { isAbsolute } from "node:path";
import { hasCode, type Meta, type SessionInfo, type Source, sourceOf } from "@session-archiver/core";
import { isAgentId } from "@session-archiver/transcripts";
import type { CommandContext } from "../command.js";
import { type Packed, packed } from "./packed.js";

/** A session, as far as an import needs to know it. */
export interface Known {
  readonly id: string;
  /** `<agent>:<native id>`, if its source has one. */
  readonly identity: string | undefined;
  /** Where its source lay. */
  readonly location: string | undefined;
  /** The path given to an earlier command line; it may be relative to another folder. */
  readonly oldPath: string | undefined;
  /** The source's version and raw bytes when it was taken in whole. */
  readonly version: string | undefined;
  readonly size: number | undefined;
  readonly pinned: boolean;
}

export interface KnownSessions {
  /** The session with this id. */
  get(id: string): Promise<Known | undefined>;
  /** Those that were imported from this file. Empty if it would take a listing just for this. */
  at(location: string): Promise<readonly Known[]>;
  /**
   * The session that has this identity, or had it as a name once, unless that is its id: then `get` finds it. May cost a listing, but
   * only once.
   */
  called(identity: string): Promise<string | undefined>;
  /** Notes a session that this import has made. */
  add(id: string, identity: string | undefined): void;
}

/** Up to this many files are looked up one by one instead of listing all sessions. */
export const FEW = 8;

/** `files`: how many are to be imported. */
export function knownSessions({ archiver, signal }: CommandContext, files: number): KnownSessions {
  const made = new Map<string, string>();
  let listing: Promise<Listing> | undefined;

  const listed = (): Promise<Listing> => {
    listing ??= listingOf(archiver.list({ from: "metadata", signal }));
    return listing;
  };
  return {
    async get(id) {
      try {
        return knownOf(await archiver.info(id, { signal }));
      } catch (error) {
        // No such session, an impossible id, or a damaged session: the import will report it.
        if (hasCode(error, "NOT_FOUND", "INVALID_ARGUMENT", "CORRUPT")) return undefined;
        throw error;
      }
    },
    async at(location) {
      if (files <= FEW && !listing) return [];
      return (await listed()).byLocation.under(location).map((row) => knownAt(location, row));
    },
    called: async (identity) => made.get(identity) ?? (await listed()).byName.get(identity),
    add(id, identity) {
      if (identity !== undefined && identity !== id && !made.has(identity)) made.set(identity, id);
    },
  };
}

interface Listing {
  readonly byLocation: Packed<Row>;
  /** Ids by identities that they are not themselves, and by aliases that may be one. */
  readonly byName: ReadonlyMap<string, string>;
}

/** A session under its location, without the names of its values. The identity is nearly always the id: then it is `true`. */
type Row = readonly [
  id: string,
  identity: string | true | null,
  oldPath: string | null,
  version: string | null,
  size: number | null,
  pinned: boolean,
];

function rowOf({ id, identity, oldPath, version, size, pinned }: Known): Row {
  return [id, identity === id || (identity ?? null), oldPath ?? null, version ?? null, size ?? null, pinned];
}

function knownAt(location: string, [id, identity, oldPath, version, size, pinned]: Row): Known {
  return {
    id,
    identity: identity === true ? id : (identity ?? undefined),
    location,
    oldPath: oldPath ?? undefined,
    version: version ?? undefined,
    size: size ?? undefined,
    pinned,
  };
}

async function listingOf(sessions: AsyncIterable<SessionInfo>): Promise<Listing> {
  const byLocation = packed<Row>();
  const byName = new Map<string, string>();
  for await (const session of sessions) {
    const { id, aliases } = session;
    const known = knownOf(session);
    const { identity, oldPath } = known;
    const location = known.location ?? (oldPath && isAbsolute(oldPath) ? oldPath : undefined);
    if (location !== undefined) byLocation.add(location, rowOf(known));
    // Paths are names, too, but none that a file's lines have.
    for (const name of aliases) if (isIdentity(name) && !byName.has(name)) byName.set(name, id);
    // A session imported beside another of the same identity has an id that starts with that identity.
    if (identity !== undefined && identity !== id && !id.startsWith(`${identity}/`)) byName.set(identity, id);
  }
  return { byLocation, byName };
}

function knownOf({ id, meta, pinned }: SessionInfo): Known {
  return { id, ...originOf(meta), pinned };
}

/** Where the session came from, by its metadata. */
export function originOf(meta: Meta): Omit<Known, "id" | "pinned"> {
  const source: Partial<Source> = sourceOf(meta) ?? {};
  const { identity, location, version, size } = source;
  return {
    // If no line had an identity, the session's own id stands there.
    identity: identity !== undefined && isIdentity(identity) ? identity : undefined,
    location: text(location),
    oldPath: text(meta["import:source"]),
    version: text(version),
    size: typeof size === "number" ? size : undefined,
  };
}

function isIdentity(name: string): boolean {
  return isAgentId(name.split(":", 1)[0] ?? "");
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
