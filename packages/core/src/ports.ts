/**
 * The three interfaces a storage adapter implements, and nothing else.
 *
 * Every guarantee written here is load-bearing: the archiver's promise that no byte is lost follows from these
 * contracts alone. `@session-archiver/conformance` has a test case for each.
 *
 * Common to all methods:
 * - A rejected call carries an error whose `code` is one of {@link ErrorCode}; see `errors.ts`.
 * - `op.signal`, once aborted, makes the call reject with code `ABORTED` at the next point where it can stop. A write
 *   that rejects with `ABORTED` (or any other code but `UNAVAILABLE`) has changed nothing.
 * - Ids, blob names, generations and sink keys are arbitrary non-empty strings of at most 1,024 UTF-16 units without lone
 *   surrogates: `../x`, NUL, `CON`, unicode forms and case-only differences are all legal and all distinct. Anything
 *   else (empty, too long, lone surrogates, not a string) rejects with `INVALID_ARGUMENT` before any effect.
 */

/**
 * A pull-based byte stream. The consumer's pace is the producer's; a producer that throws aborts the consumer, and a
 * consumer that stops early closes the producer (`return()`). While a body is being read, other calls are served, and the
 * body itself may come from the same store.
 */
export type Bytes = AsyncIterable<Uint8Array>;

/** An opaque token that changes with every `put`. Never repeats for an id, not even after delete and re-create. */
export type Version = string;

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A session's metadata. A key set to `null` is the same as a missing key; stores need not keep such keys. */
export type Meta = { readonly [key: string]: Json };

/** Options every port call takes. */
export interface OpOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Half-open byte range `[start, end)`; `end` beyond the data is clamped, absent means "to the end". */
export interface ByteRange {
  readonly start: number;
  readonly end?: number | undefined;
}

/** One of the host's objects: a session, or anything else the host keeps beside its sessions. */
export interface StoredObject {
  readonly id: string;
  readonly version: Version;
  readonly meta: Meta;
}

/**
 * Narrows {@link ObjectStore.list}. Only a hint: a store may return more than was asked for (callers re-check), but
 * never less. `sweepIndex(meta)` of core computes the values to index, so that adapters need no knowledge of the
 * metadata keys.
 */
export interface ObjectQuery {
  /** Only ids that start with this. */
  readonly prefix?: string | undefined;
  /** Only sessions whose last activity is known and at or before this time (unix ms). */
  readonly lastActiveBefore?: number | undefined;
  /** `true`: only sessions at rest in the archive. `false`: only the others (live, resumed, or not yet settled). */
  readonly archived?: boolean | undefined;
  /** Only sessions with a tombstone set at or before this time (unix ms), whose archive is there still. */
  readonly prunedBefore?: number | undefined;
  /**
   * Only sessions whose archive counts toward the byte cap, and of those this many whose last activity is longest ago.
   * Where the last activity is unknown, the time of archiving stands in for it: `sweepIndex(meta).keptActivityMs`.
   */
  readonly oldestArchivesLimit?: number | undefined;
}

/** The host's objects. The archiver reads `view` and reads and writes `session:*` keys; it keeps all others. */
export interface ObjectStore {
  /** The current object, or `undefined` if there is none. Reads your own and others' completed writes. */
  get(id: string, op?: OpOptions): Promise<StoredObject | undefined>;
  /**
   * Atomic compare-and-swap of the whole metadata; durable when it resolves. `expected: null` means "must be absent".
   * Rejects with `CONFLICT` if the current version is not `expected` (also when the object is absent), having changed
   * nothing. Of any number of concurrent puts with the same `expected`, exactly one succeeds.
   */
  put(id: string, meta: Meta, expected: Version | null, op?: OpOptions): Promise<Version>;
  /** Deletes exactly this version. `CONFLICT` if it is no longer current; an absent object is `CONFLICT` too. */
  delete(id: string, expected: Version, op?: OpOptions): Promise<void>;
  /**
   * Every matching object that exists throughout the listing exactly once, in no promised order; others at most once.
   *
   * What is stored of one object may be damaged. It never ends the listing: that object is left out, and the store tells
   * so in a way of its own (such as an option `onSkipped`). `get` of it rejects with `CORRUPT`.
   */
  list(query?: ObjectQuery, op?: OpOptions): AsyncIterable<StoredObject>;
  /**
   * Optional, for stores that keep a running sum: `sweepIndex(meta).archiveBytes` of all objects, added up. Without it,
   * every prune with a byte cap lists all objects.
   */
  archiveBytes?(op?: OpOptions): Promise<number>;
  /** Optional, for stores that can keep something of their own beside the objects: see {@link OwnMeta}. */
  readonly ownMeta?: OwnMeta | undefined;
}

/**
 * Metadata of the store itself: what the archiver notes of the store as a whole, such as its identity. It lies where the
 * objects lie, so that it is backed up, lost and set back together with them, and it is never listed among them. Its
 * versions follow the same rules as those of objects.
 */
export interface OwnMeta {
  /** The current value, or `undefined` if none was put yet. */
  get(op?: OpOptions): Promise<{ readonly version: Version; readonly meta: Meta } | undefined>;
  /** As {@link ObjectStore.put}: an atomic, durable compare-and-swap; `expected: null` means "must be absent". */
  put(meta: Meta, expected: Version | null, op?: OpOptions): Promise<Version>;
}

/** Names a blob: a session's `output` or one of its sidecars. */
export interface BlobKey {
  readonly id: string;
  readonly name: string;
}

/**
 * A point in the life of a blob: `size` bytes of one append-only lineage. Bytes below `size` of a `generation` never
 * change, so two refs with equal key, generation and size always denote equal bytes.
 */
export interface BlobRef {
  readonly key: BlobKey;
  readonly generation: string;
  readonly size: number;
}

/** Live, append-only bytes. */
export interface BlobStore {
  /** The blob as it is now, or `undefined`. */
  stat(key: BlobKey, op?: OpOptions): Promise<BlobRef | undefined>;
  /** All blobs of one session. */
  list(id: string, op?: OpOptions): AsyncIterable<BlobRef>;
  /**
   * Exactly the bytes `[start, min(end, at.size))` of `at.generation`, whatever is appended meanwhile, in chunks of
   * at most 4 MiB that the caller may keep and change. `NOT_FOUND` if the blob is gone or has another generation;
   * `CONFLICT` if it is shorter than `at.size`. A read whose blob is deleted half-way goes on with the right bytes or
   * ends with `NOT_FOUND`: never early, and never with bytes of another generation. `INVALID_ARGUMENT` for a negative,
   * fractional or reversed range.
   */
  read(at: BlobRef, range?: ByteRange, op?: OpOptions): Bytes;
  /**
   * Creates the blob from `body`, all or nothing: if `body` throws, or the process dies, no blob is visible and nothing
   * is left that counts. Durable when it resolves. `CONFLICT` if the key already holds a blob, before or after `body`
   * was read. The body's error is passed on as it is. Chunks of any size; an empty body makes an empty blob.
   */
  create(key: BlobKey, generation: string, body: Bytes, op?: OpOptions): Promise<BlobRef>;
  /**
   * Appends atomically. `CONFLICT` if the blob is no longer exactly `at` (generation and size), `NOT_FOUND` if it is
   * gone; nothing is changed then. Of concurrent appends at the same ref exactly one succeeds.
   */
  append(at: BlobRef, chunk: Uint8Array, op?: OpOptions): Promise<BlobRef>;
  /** Deletes the blob if it is still exactly `at`; `CONFLICT` if it has grown or was replaced, `NOT_FOUND` if gone. */
  delete(at: BlobRef, op?: OpOptions): Promise<void>;
}

/** What a sink knows of one immutable object. */
export interface ArchiveInfo {
  readonly key: string;
  /** Stored bytes. */
  readonly size: number;
  /** When the put finished, unix ms, by the sink's clock. */
  readonly createdAt: number;
}

/** Immutable archive objects under string keys. */
export interface ArchiveSink {
  /**
   * Create-only, all or nothing, durable when it resolves. `CONFLICT` if the key exists, before or after `body` was
   * read. If `body` throws nothing becomes visible and its error is passed on as it is.
   */
  put(key: string, body: Bytes, op?: OpOptions): Promise<ArchiveInfo>;
  /** What is stored under the key, or `undefined`. */
  stat(key: string, op?: OpOptions): Promise<ArchiveInfo | undefined>;
  /** The stored bytes in `range`. `NOT_FOUND` if the key is absent; `INVALID_ARGUMENT` for an impossible range. */
  read(key: string, range?: ByteRange, op?: OpOptions): Bytes;
  /** Idempotent: deleting an absent key succeeds. */
  delete(key: string, op?: OpOptions): Promise<void>;
  /** Every key with this prefix that exists throughout the listing exactly once, in no promised order. */
  list(prefix?: string, op?: OpOptions): AsyncIterable<ArchiveInfo>;
}

/** What an adapter offers: any one, two or all three ports. */
export interface Ports {
  readonly objects: ObjectStore;
  readonly blobs: BlobStore;
  readonly archives: ArchiveSink;
}
