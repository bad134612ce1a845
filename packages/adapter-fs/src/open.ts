/** Opens stores in a directory. */
import { join, resolve } from "node:path";
import { zlibCodec } from "@session-archiver/codec-zlib";
import { ArchiverError, type ArchiveSink, type Codec, type Ports } from "@session-archiver/core";
import {
  type AdapterOptions,
  checkCount,
  defineAdapter,
  defineArchives,
  readOnlyPorts,
  readOnlySink,
} from "@session-archiver/core/adapter";
import { openArchives } from "./archives.js";
import { openBlobs } from "./blobs.js";
import { mapFsErrors } from "./errors.js";
import { eraseIndex } from "./listing-index.js";
import { openObjects } from "./objects.js";
import { isDirectory, plainRoot, type Root, requiredRoot } from "./root.js";
import { sessionRoot } from "./session-root.js";
import { openStoreDirectory, type StoreDirectory } from "./store-directory.js";

export interface FsOptions {
  /** How long to wait for other processes that use the store, ms; default 30,000. Then `UNAVAILABLE`. */
  readonly lockTimeoutMs?: number | undefined;
  /**
   * Whether to make and change nothing, also for media that can't be written to. Calls that would change the store reject
   * with `INVALID_ARGUMENT`; if there is no store, every call rejects with `NOT_FOUND`. Default `false`.
   */
  readonly readOnly?: boolean | undefined;
  /**
   * Called with the error of each object that a listing leaves out, because its file is `CORRUPT` or the process may not
   * read it. `get` of its id rejects with the same error. Default: a process warning.
   */
  readonly onSkipped?: ((error: Error) => void) | undefined;
}

interface Closable extends AsyncDisposable {
  /** Waits for changes under way. Later calls of the ports reject with `UNAVAILABLE`. */
  close(): Promise<void>;
}

interface Erasable {
  /**
   * Deletes the files that crashed processes have left half-written, however new they are; other files are gone once they
   * are deleted. What a disk, a snapshot or a backup keeps of them is out of reach. `unfinished`: files that a running
   * process may still be writing; what they hold is unknown. Call it again later if there are any.
   */
  erase(): Promise<{ readonly unfinished: number }>;
}

export interface FsStore extends Ports, Closable, Erasable {
  /** `zlibCodec()`: what `createArchiver(store)` compresses with. */
  readonly codec: Codec;
}

export interface FsArchives extends ArchiveSink, Closable, Erasable {}

const LOCK_TIMEOUT_MS = 30_000;

/**
 * All three ports: sessions in `store/`, archives in `archives/` of the directory, which is made when first written to.
 * Sessions that an older version keeps in `sessions/` are moved by the first change. Any number of processes of one machine
 * may use it at once.
 */
export function openFs(directory: string, options: FsOptions = {}): FsStore {
  const home = checkDirectory(directory);
  const timeoutMs = lockTimeout(options);
  const { readOnly = false, onSkipped = (error) => process.emitWarning(error) } = options;
  const store = storeAt(sessionRoot(home, timeoutMs), home, options);
  const sinkDirectory = join(home, "archives");
  // Where nothing was archived yet there are no archives, and no directory for them.
  const sink = storeAt(plainRoot(sinkDirectory), home, options, () => isDirectory(home));
  const backends = {
    objects: openObjects(store, { onSkipped, isWritable: !readOnly }),
    blobs: openBlobs(store),
    archives: openArchives(sink),
  };
  const ports = defineAdapter(backends, { ...guardsOf(store), onSkipped });
  const close = async (): Promise<void> => {
    await Promise.all([store.close(), sink.close()]);
  };
  const more = { codec: zlibCodec(), ...erasing([store, sink], readOnly), close, [Symbol.asyncDispose]: close };
  return { ...(readOnly ? readOnlyPorts(ports) : ports), ...more };
}

/** A sink alone: the archives lie in the directory itself. */
export function openFsArchives(
  directory: string,
  options: Pick<FsOptions, "lockTimeoutMs" | "readOnly"> = {},
): FsArchives {
  const checked = checkDirectory(directory);
  const store = storeAt(plainRoot(checked), checked, options);
  const archives = defineArchives(openArchives(store), guardsOf(store));
  const ports = options.readOnly ? readOnlySink(archives) : archives;
  const { close } = store;
  return { ...ports, ...erasing([store], options.readOnly === true), close, [Symbol.asyncDispose]: close };
}

function erasing(stores: readonly StoreDirectory[], readOnly: boolean): Erasable {
  return {
    async erase() {
      if (readOnly) {
        throw new ArchiverError("INVALID_ARGUMENT", "The store was opened read-only: nothing can be erased.");
      }
      let unfinished = 0;
      for (const { requireOpen, migrate, staging, tree } of stores) {
        requireOpen({});
        await migrate();
        await eraseIndex(tree);
        unfinished += await staging.clear();
      }
      return { unfinished };
    },
  };
}

function guardsOf({ requireOpen }: StoreDirectory): AdapterOptions {
  return { begin: requireOpen, translate: mapFsErrors };
}

/** `isThere`: whether the store exists although this directory is missing, if it is only read. */
function storeAt(root: Root, directory: string, options: FsOptions, isThere?: () => boolean): StoreDirectory {
  return openStoreDirectory(options.readOnly ? requiredRoot(root, directory, isThere) : root, lockTimeout(options));
}

function lockTimeout({ lockTimeoutMs = LOCK_TIMEOUT_MS }: FsOptions): number {
  checkCount(lockTimeoutMs, "lockTimeoutMs");
  return lockTimeoutMs;
}

function checkDirectory(directory: unknown): string {
  if (typeof directory === "string" && directory !== "" && !directory.includes("\0")) return resolve(directory);
  throw new ArchiverError("INVALID_ARGUMENT", "The directory must be a path: a string, not empty, without NUL.");
}
