/** Opens stores in a directory. */
import { join, resolve } from "node:path";
import { ArchiverError, type ArchiveSink, checkCount, type Ports } from "@session-archiver/core";
import { openArchives } from "./archives.js";
import { openArea } from "./area.js";
import { openBlobs } from "./blobs.js";
import { openObjects } from "./objects.js";

export interface FsOptions {
  /** How long to wait for other processes that use the store, ms; default 30,000. Then `UNAVAILABLE`. */
  readonly lockTimeoutMs?: number | undefined;
  /**
   * Told of each object that a listing leaves out because its file is `CORRUPT`, or of what the process may not read;
   * default: a process warning. `get` of its id rejects with the same error.
   */
  readonly onSkipped?: ((error: Error) => void) | undefined;
}

interface Closable extends AsyncDisposable {
  /** Waits for changes under way. Later calls of the ports reject with `UNAVAILABLE`. */
  close(): Promise<void>;
}

export interface FsStore extends Ports, Closable {}

export interface FsArchives extends ArchiveSink, Closable {}

const LOCK_TIMEOUT_MS = 30_000;

/**
 * All three ports: sessions in `sessions/`, archives in `archives/` of the directory, which is made when first written
 * to. Any number of processes of one machine may use it at once.
 */
export function openFs(directory: string, options: FsOptions = {}): FsStore {
  const root = checkDirectory(directory);
  const area = openArea(join(root, "sessions"), lockTimeout(options));
  const archives = openFsArchives(join(root, "archives"), options);
  const close = async (): Promise<void> => {
    await Promise.all([area.close(), archives.close()]);
  };
  const onSkipped = options.onSkipped ?? ((error: Error) => process.emitWarning(error));
  return {
    objects: openObjects(area, onSkipped),
    blobs: openBlobs(area),
    archives,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A sink alone: the archives lie in the directory itself. */
export function openFsArchives(directory: string, options: Pick<FsOptions, "lockTimeoutMs"> = {}): FsArchives {
  const area = openArea(checkDirectory(directory), lockTimeout(options));
  return { ...openArchives(area), close: area.close, [Symbol.asyncDispose]: area.close };
}

function lockTimeout({ lockTimeoutMs = LOCK_TIMEOUT_MS }: FsOptions): number {
  checkCount(lockTimeoutMs, "lockTimeoutMs");
  return lockTimeoutMs;
}

function checkDirectory(directory: unknown): string {
  if (typeof directory === "string" && directory !== "" && !directory.includes("\0")) return resolve(directory);
  throw new ArchiverError("INVALID_ARGUMENT", "The directory must be a path: a string, not empty, without NUL.");
}
