/**
 * The store's own half of the three ports. The kit checks the arguments, watches the signal, and makes and names the errors;
 * then it calls these with exactly what is described here. The contracts are those of `ports.ts`: what a method of a port
 * promises, its half here has to keep, as far as it is not said to be done already. What is there at once needs no promise.
 */
import type { ArchiveInfo, BlobKey, BlobRef, Bytes, ClaimChange, NewestQuery, ObjectQuery, Version } from "../ports.js";
import type { BlobHead } from "./blob-checks.js";
import type { Call } from "./call.js";
import type { MetaRecord, StoredMeta } from "./stored-meta.js";

export type Awaitable<T> = T | PromiseLike<T>;

/** Half of {@link ObjectStore}. */
export interface ObjectBackend {
  /** What is stored under the id. It need not be checked. */
  get(id: string, call: Call): Awaitable<StoredMeta | undefined>;
  /**
   * Compares and swaps in one step. Resolves to the new version, mostly `record.version`; to `undefined`, having changed
   * nothing, if the current version is not `expected`. `null` means "must be absent".
   */
  put(id: string, record: MetaRecord, expected: Version | null, call: Call): Awaitable<Version | undefined>;
  /** Deletes exactly this version; `false`, having changed nothing, if it is not the current one. */
  delete(id: string, expected: Version, call: Call): Awaitable<boolean>;
  /**
   * Each object that may match, once, alone or in pages. What matches is sorted out afterwards. An object is given by its
   * id, and the kit gets it when the consumer asks for it; or as it is stored.
   */
  list(query: ObjectQuery, call: Call): AsyncIterable<ListedObject | readonly ListedObject[]>;
  /**
   * As in the port, for a store whose versions lie within what may be damaged. Where they don't, the kit does it by `get`
   * and `delete`. Resolves to `false`, having changed nothing, if the object is absent or not damaged.
   */
  takeDamaged?(id: string, keep: (stored: Uint8Array) => Promise<void>, call: Call): Awaitable<boolean>;
  /**
   * As in the port, alone or in pages: the `record.listing` of each object's last put, in the order of `comparePlaces`.
   * The kit reads the metadata of an object that comes without a text, or with one that another version made.
   */
  listNewest?(query: NewestQuery, call: Call): AsyncIterable<KeptListing | readonly KeptListing[]>;
  /** As in the port. An id comes once in `take`, and is then not in `release`. An object need not be checked. */
  claim?(owner: string, change: ClaimChange, ttlMs: number, call: Call): Awaitable<KeptClaims>;
  /** As in the port. */
  archiveBytes?(call: Call): Awaitable<number>;
  readonly ownMeta?: OwnMetaBackend | undefined;
}

/** By its id, or as it is stored. Anybody may have changed it: an id that is not text is `CORRUPT`, as other damage is. */
export type ListedObject = string | (StoredMeta & { readonly id: unknown });

/** As `Claimed` in the port, with objects as they are stored. */
export interface KeptClaims {
  readonly objects: readonly (StoredMeta & { readonly id: string })[];
  readonly held: readonly string[];
}

/** A place, and what is kept there. Anybody may have changed it. */
export interface KeptListing {
  readonly id: unknown;
  readonly lastActivityMs: number | null;
  /** The text of the listing, if there is one. */
  readonly listing: unknown;
  /** The object as it is stored, where there is no listing; without it, the kit gets the object. */
  readonly stored?: StoredMeta | undefined;
}

/** Half of {@link OwnMeta}. As the methods of objects, of the one value. */
export interface OwnMetaBackend {
  /** Where it lies, for the message if it is damaged: `in the table "own"`. */
  readonly place: string;
  get(call: Call): Awaitable<StoredMeta | undefined>;
  put(record: MetaRecord, expected: Version | null, call: Call): Awaitable<Version | undefined>;
}

/** How a backend takes the bodies of its writes. */
export interface BodyOptions {
  /**
   * The body comes in fresh arrays of exactly this size, the last one shorter. Without it, it comes in the chunks its
   * producer made, which may use them again: copy what you keep.
   */
  readonly rowBytes?: number | undefined;
  /**
   * Before a body is read, the kit looks whether its name is taken, by `stat`. Set this if the write itself refuses before it
   * has read much of the body.
   */
  readonly refusesEarly?: boolean | undefined;
}

/** From `start` to just before `end`, both whole numbers, in order. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Half of {@link BlobStore}. */
export interface BlobBackend extends BodyOptions {
  /** The blob as it is at that moment: not an object that goes on changing. */
  stat(key: BlobKey, call: Call): Awaitable<BlobHead | undefined>;
  list(id: string, call: Call): AsyncIterable<BlobHead & { readonly name: string }>;
  /** The range lies within `at.size`. Throws as `requireReadable` does, also for an empty range. */
  read(at: BlobRef, range: Range, call: Call): Bytes;
  /** Resolves to the size. Throws as `requireAbsent` does, in the step that makes the blob visible. */
  create(key: BlobKey, generation: string, body: Bytes, call: Call): Awaitable<number>;
  /** Throws as `requireExactly` does. `chunk` is the caller's, and may change once this has resolved. */
  append(at: BlobRef, chunk: Uint8Array, call: Call): Awaitable<unknown>;
  /** Throws as `requireExactly` does. */
  delete(at: BlobRef, call: Call): Awaitable<unknown>;
  /** As in the port. */
  diskBytes?(id: string, call: Call): Awaitable<number>;
}

/** What a sink knows of an archive beside its key. */
export type ArchiveHead = Omit<ArchiveInfo, "key">;

/** Half of {@link ArchiveSink}. */
export interface ArchiveBackend extends BodyOptions {
  /** Throws as `requireUnused` does, in the step that makes the archive visible. */
  put(key: string, body: Bytes, call: Call): Awaitable<ArchiveHead>;
  stat(key: string, call: Call): Awaitable<ArchiveHead | undefined>;
  /** The range may lie beyond the archive's end: see `resolveRange`. Throws as `requireArchive` does. */
  read(key: string, range: Range, call: Call): Bytes;
  delete(key: string, call: Call): Awaitable<unknown>;
  /** Each archive whose key may begin with `prefix`, once. */
  list(prefix: string, call: Call): AsyncIterable<ArchiveInfo>;
  /** As in the port. */
  diskBytes?(key: string, call: Call): Awaitable<number>;
}
