/**
 * The three interfaces that a storage adapter implements, and nothing else.
 *
 * Every guarantee written here is load-bearing: the archiver's promise that no byte is lost follows from these
 * contracts alone. `@session-archiver/conformance` has a test case for each.
 *
 * Common to all methods:
 * - A rejected call carries an error whose `code` is one of {@link ErrorCode}; see `errors.ts`.
 * - Once `op.signal` is aborted, the call rejects with `ABORTED` at the next point where it can stop. A write that
 *   rejects with any code but `UNAVAILABLE` has changed nothing.
 * - Ids, blob names, generations and sink keys are arbitrary non-empty strings of at most 1,024 UTF-16 units without
 *   lone surrogates: `../x`, NUL, `CON`, unicode forms and case-only differences are all legal and all distinct. Any
 *   other value (empty, too long, lone surrogates, not a string) rejects with `INVALID_ARGUMENT` before any effect.
 */

/**
 * A stream of bytes that its consumer pulls, at the consumer's pace. A producer that throws aborts the consumer; a
 * consumer that stops early closes the producer (`return()`). A store serves other calls while it reads a body, and the
 * body itself may come from the same store.
 */
export type Bytes = AsyncIterable<Uint8Array>;

/** An opaque token that changes with every `put`. Never repeats for an id, not even after delete and re-create. */
export type Version = string;

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A session's metadata. A key set to `null` equals a missing key; stores need not keep such keys. */
export type Meta = { readonly [key: string]: Json };

/** Options of every port call. */
export interface OpOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Half-open byte range `[start, end)`. `end` is clamped to the data; without it, the range goes to the data's end. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number | undefined;
}

/** One of the host's objects: a session, or anything else that the host keeps beside its sessions. */
export interface StoredObject {
  readonly id: string;
  readonly version: Version;
  readonly meta: Meta;
}

/**
 * Narrows {@link ObjectStore.list}. Only a hint: a store may return more objects than asked for (callers check again),
 * but never fewer. `sweepIndex(meta)` of core computes the values to index, so adapters need not know the metadata
 * keys.
 */
export interface ObjectQuery {
  /** Only ids that start with this. */
  readonly prefix?: string | undefined;
  /** Only sessions whose last activity is known and at or before this time (unix ms). */
  readonly lastActiveBefore?: number | undefined;
  /** `true`: only fully archived or pruned sessions. `false`: only the others (live, resumed, or not yet settled). */
  readonly archived?: boolean | undefined;
  /** Only sessions with a tombstone set at or before this time (unix ms) whose archive still exists. */
  readonly prunedBefore?: number | undefined;
  /**
   * At most this many of the archives that count toward the byte cap: those with the oldest last activity. Where that
   * is unknown, the time of archiving counts instead: `sweepIndex(meta).keptActivityMs`.
   */
  readonly oldestArchivesLimit?: number | undefined;
}

/** A place in the order of {@link ObjectStore.listNewest}. */
export interface ListPlace {
  /** Unix ms; `null`: unknown. */
  readonly lastActivityMs: number | null;
  readonly id: string;
}

/** Narrows {@link ObjectStore.listNewest}. */
export interface NewestQuery {
  /** Only ids that start with this. Only a hint, as in {@link ObjectQuery}. */
  readonly prefix?: string | undefined;
  /** Only what comes after this place, whether or not an object has it. */
  readonly after?: ListPlace | undefined;
}

/** What a list shows of an object. */
export interface ObjectListing extends ListPlace {
  /** The part of the metadata that lists show: `listingOf(meta)` of core. */
  readonly listing: Meta;
}

/** What an owner changes of its claims. */
export interface ClaimChange {
  /** Ids to be claimed. */
  readonly take: readonly string[];
  /** Ids whose claims the owner gives up. One that is to be taken as well is taken. */
  readonly release: readonly string[];
}

/** Of the ids that were to be claimed. Objects that are absent or damaged are left out. */
export interface Claimed {
  /** Those that the owner holds now, as they are now. */
  readonly objects: readonly StoredObject[];
  /** The ids of those that another owner holds. */
  readonly held: readonly string[];
}

/** The host's objects. The archiver reads `view`, reads and writes `session:*` keys, and leaves all others alone. */
export interface ObjectStore {
  /** The current object, or `undefined` if there is none. Sees every completed write, by this caller or another. */
  get(id: string, op?: OpOptions): Promise<StoredObject | undefined>;
  /**
   * Atomic compare-and-swap of the whole metadata; durable when it resolves. `expected: null` means "must be absent".
   * Rejects with `CONFLICT` if the current version is not `expected` (also when the object is absent), having changed
   * nothing. Of any number of concurrent puts with the same `expected`, exactly one succeeds.
   */
  put(id: string, meta: Meta, expected: Version | null, op?: OpOptions): Promise<Version>;
  /** Deletes exactly this version. `CONFLICT` if it is no longer current, or if the object is absent. */
  delete(id: string, expected: Version, op?: OpOptions): Promise<void>;
  /**
   * Yields each matching object that exists for the whole listing exactly once, in any order. Objects created or
   * deleted meanwhile may appear, but never twice.
   *
   * A damaged object never ends the listing: it is left out, and the store reports it in its own way (such as an option
   * `onSkipped`). `get` of it rejects with `CORRUPT`.
   */
  list(query?: ObjectQuery, op?: OpOptions): AsyncIterable<StoredObject>;
  /**
   * Optional: takes an object out that `get` finds `CORRUPT`. `keep` gets it as it is stored, in whatever form, and must
   * resolve before it is deleted. `CONFLICT` if the object is absent, or not damaged.
   */
  takeDamaged?(id: string, keep: (stored: Uint8Array) => Promise<void>, op?: OpOptions): Promise<void>;
  /**
   * Optional, for stores that keep a running sum: the total of `sweepIndex(meta).archiveBytes` over all objects.
   * Without it, every prune with a byte cap lists all objects.
   */
  archiveBytes?(op?: OpOptions): Promise<number>;
  /**
   * Optional, for stores that keep an index: yields what lists show of each object, from the latest last activity to the
   * earliest, then those of which it is unknown or not positive; where it is equal, in the order of the ids' UTF-8 bytes.
   * The memory that it takes must not grow with the number of objects. Without it, a list in this order sorts all of them.
   *
   * An object that exists for the whole listing and keeps its place is given exactly once, whatever is written
   * meanwhile. One that moves may be missing; only one whose last activity is set back may appear twice. A damaged object is left
   * out, or given as it was before the damage.
   */
  listNewest?(query?: NewestQuery, op?: OpOptions): AsyncIterable<ObjectListing>;
  /**
   * Optional, for stores on which several sweepers may run: claims tell each of them what the others work on. They only order the
   * work: a claim keeps nobody from anything, may be lost at any time, and is never waited for by the store.
   *
   * Gives up what is to be released, and claims each id that no other owner holds. Of several owners that ask at once, one gets it.
   * Everything that `owner` then holds is its own for at least half of `ttlMs` from now, by the store's clock, and at most for `ttlMs`; then
   * anybody may take it. So a call that changes nothing prolongs the claims.
   */
  claim?(owner: string, change: ClaimChange, ttlMs: number, op?: OpOptions): Promise<Claimed>;
  /** Optional, for stores that can keep metadata of their own beside the objects. */
  readonly ownMeta?: OwnMeta | undefined;
}

/**
 * Metadata of the store itself, in which the archiver notes facts about the whole store, such as its identity. It is
 * stored together with the objects, so that it is backed up, lost and set back together with them; it is never listed
 * among them. Its versions follow the same rules as those of objects.
 */
export interface OwnMeta {
  /** The current value, or `undefined` if nothing was put yet. */
  get(op?: OpOptions): Promise<{ readonly version: Version; readonly meta: Meta } | undefined>;
  /** Like {@link ObjectStore.put}: an atomic, durable compare-and-swap; `expected: null` means "must be absent". */
  put(meta: Meta, expected: Version | null, op?: OpOptions): Promise<Version>;
}

/** Names a blob: a session's `output` or one of its sidecars. */
export interface BlobKey {
  readonly id: string;
  readonly name: string;
}

/**
 * A state of a blob: the first `size` bytes of one append-only lineage. Bytes below `size` of a `generation` never
 * change, so two refs with equal key, generation and size always denote equal bytes.
 */
export interface BlobRef {
  readonly key: BlobKey;
  readonly generation: string;
  readonly size: number;
}

/** Live, append-only bytes. */
export interface BlobStore {
  /** The blob as it is now, or `undefined` if there is none. */
  stat(key: BlobKey, op?: OpOptions): Promise<BlobRef | undefined>;
  /** All blobs of one session. */
  list(id: string, op?: OpOptions): AsyncIterable<BlobRef>;
  /**
   * Exactly the bytes `[start, min(end, at.size))` of `at.generation`, whatever is appended meanwhile, in chunks of at
   * most 4 MiB that the caller may keep and change; it may also transfer their buffers, as `postMessage` does.
   * `NOT_FOUND` if the blob is gone or has another generation; `CONFLICT` if it is shorter than `at.size`. If the blob is
   * deleted during the read, the read continues with the right bytes or ends with `NOT_FOUND`: it never ends early without
   * an error, and never yields bytes of another generation. The archiver counts the bytes: a store that gives fewer, or more,
   * is `CORRUPT` to it. `INVALID_ARGUMENT` for a negative, fractional or reversed range.
   */
  read(at: BlobRef, range?: ByteRange, op?: OpOptions): Bytes;
  /**
   * Creates the blob from `body`, all or nothing: if `body` throws, or the process dies, no blob is visible and what
   * was written counts for nothing. Durable when it resolves. `CONFLICT` if the key already holds a blob, before or
   * after `body` was read. The body's error is passed on unchanged. Chunks may have any size; an empty body makes an
   * empty blob.
   */
  create(key: BlobKey, generation: string, body: Bytes, op?: OpOptions): Promise<BlobRef>;
  /**
   * Appends atomically. `CONFLICT` if the blob is no longer exactly `at` (generation and size), `NOT_FOUND` if it is
   * gone; then nothing is changed. Of concurrent appends at the same ref, exactly one succeeds.
   */
  append(at: BlobRef, chunk: Uint8Array, op?: OpOptions): Promise<BlobRef>;
  /**
   * Deletes the blob if it is still exactly `at`. `CONFLICT` if it was appended to or replaced, `NOT_FOUND` if gone.
   */
  delete(at: BlobRef, op?: OpOptions): Promise<void>;
  /**
   * Optional, for stores that can tell: what all blobs of a session take up on disk, in bytes of allocated blocks, with what
   * goes when they do, such as a directory of their own. 0 if there are none.
   */
  diskBytes?(id: string, op?: OpOptions): Promise<number>;
}

/** One immutable object in the sink. */
export interface ArchiveInfo {
  readonly key: string;
  /** Size as stored, in bytes. */
  readonly size: number;
  /**
   * When the put finished, in unix ms by the sink's clock. `stat` and `list` agree; what `put` itself gives may differ by up to 2 s from
   * theirs.
   */
  readonly createdAt: number;
}

/** Immutable archive objects under string keys. */
export interface ArchiveSink {
  /**
   * Creates an object, all or nothing; durable when it resolves. `CONFLICT` if the key exists, before or after `body`
   * was read. If `body` throws, nothing becomes visible and its error is passed on unchanged.
   */
  put(key: string, body: Bytes, op?: OpOptions): Promise<ArchiveInfo>;
  /** The object under the key, or `undefined` if there is none. */
  stat(key: string, op?: OpOptions): Promise<ArchiveInfo | undefined>;
  /**
   * The stored bytes in `range`, in chunks that belong to the caller as those of a blob do. `NOT_FOUND` if the key is absent;
   * `INVALID_ARGUMENT` for an impossible range.
   */
  read(key: string, range?: ByteRange, op?: OpOptions): Bytes;
  /** Idempotent: deleting an absent key succeeds. */
  delete(key: string, op?: OpOptions): Promise<void>;
  /** Yields each key with this prefix that exists for the whole listing exactly once, in any order. */
  list(prefix?: string, op?: OpOptions): AsyncIterable<ArchiveInfo>;
  /** Optional, for sinks that can tell: what the object takes up on disk, in bytes of allocated blocks; 0 if it is absent. */
  diskBytes?(key: string, op?: OpOptions): Promise<number>;
}

/** The three ports of an archiver. An adapter may offer one, two or all of them. */
export interface Ports {
  readonly objects: ObjectStore;
  readonly blobs: BlobStore;
  readonly archives: ArchiveSink;
}
