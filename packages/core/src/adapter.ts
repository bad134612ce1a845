/**
 * The door for authors of storage adapters: the ports, the kit that checks what every adapter has to check, and the
 * functions that answer queries. `docs/writing-an-adapter.md` shows how they are used.
 */
export {
  archiveExists,
  archiveGone,
  requireArchive,
  requireUnused,
} from "./adapter/archive-checks.js";
export type {
  ArchiveBackend,
  ArchiveHead,
  Awaitable,
  BlobBackend,
  BodyOptions,
  KeptClaims,
  KeptListing,
  ListedObject,
  ObjectBackend,
  OwnMetaBackend,
  Range,
} from "./adapter/backends.js";
export {
  type BlobHead,
  blobChanged,
  blobExists,
  blobGone,
  requireAbsent,
  requireExactly,
  requireReadable,
} from "./adapter/blob-checks.js";
export { checkBytes } from "./adapter/body.js";
export { decodeKey, encodeKey, type KeyRange, keysAfter, prefixRange } from "./adapter/byte-keys.js";
export { actionOf, type Call, type Method } from "./adapter/call.js";
export { type Backends, defineAdapter } from "./adapter/define-adapter.js";
export { defineArchives } from "./adapter/define-archives.js";
export { defineBlobs } from "./adapter/define-blobs.js";
export { defineObjects } from "./adapter/define-objects.js";
export type { AdapterOptions } from "./adapter/guard.js";
export { keyPages } from "./adapter/key-pages.js";
export type { Kv, KvEntry } from "./adapter/kv/kv.js";
export { type KvOptions, portsFromKv } from "./adapter/kv/ports-from-kv.js";
export { memoryArchives } from "./adapter/memory/archives.js";
export { memoryBlobs } from "./adapter/memory/blobs.js";
export { memoryPorts } from "./adapter/memory/memory.js";
export { memoryObjects } from "./adapter/memory/objects.js";
export { randomToken } from "./adapter/random-token.js";
export { readOnlyPorts, readOnlySink } from "./adapter/read-only.js";
export { rechunk } from "./adapter/rechunk.js";
export { MAX_TRIES, retryOnConflict } from "./adapter/retry.js";
export {
  checkExpected,
  checkVersion,
  decodeMeta,
  encodeMeta,
  type ListingRecord,
  type MetaRecord,
  type StoredMeta,
} from "./adapter/stored-meta.js";
export { resolvedUnlessCorrupt, skipCorrupt, unlessCorrupt } from "./adapter/unless-corrupt.js";
export {
  checkBlobKey,
  checkBlobRef,
  checkCount,
  checkName,
  MAX_NAME_LENGTH,
  resolveRange,
} from "./adapter/validate.js";
export { bytesOf, concat, toBytes } from "./bytes.js";
export * from "./errors.js";
export { mapOrdered } from "./format/map-ordered.js";
export type * from "./ports.js";
export { RESTORED_PREFIX } from "./session/file-state.js";
export { comparePlaces, placeOf } from "./session/list-place.js";
export { encodeListing, listingOf } from "./session/listing.js";
export { KEY, matchesIndex, matchesQuery, OUTPUT, type SweepIndex, sweepIndex } from "./session/metadata.js";
