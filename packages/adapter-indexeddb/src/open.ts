/** Opening a store, and deleting one. */
import { type Codec, hasCode, nativeCodec, type OpOptions, type Ports } from "@session-archiver/core";
import { checkName } from "@session-archiver/core/adapter";
import { deleteDB } from "idb";
import { indexedDbArchives } from "./archives.js";
import { indexedDbBlobs } from "./blobs.js";
import { connect } from "./connection.js";
import { databaseOn } from "./database.js";
import { translate } from "./failure.js";
import { ifFree } from "./locks.js";
import { type Loose, looseIn } from "./loose.js";
import { indexedDbObjects } from "./objects.js";
import { checkOptions, type IndexedDbOptions } from "./options.js";
import { streamWriter } from "./staging.js";

export interface IndexedDbStore extends Ports, AsyncDisposable {
  /** `nativeCodec()`: what `createArchiver(store)` compresses with. */
  readonly codec: Codec;
  /**
   * Runs `work` unless another tab or worker is running some on the same database; `undefined` then. For sweeps:
   * `archiver.start({ runExclusive: store.alone })`. It saves work and no more: without it, or without Web Locks, several may
   * sweep at once, and nothing is lost.
   */
  alone<T>(this: void, work: () => Promise<T>): Promise<T | undefined>;
  /** Deletes what tabs that were closed or crashed in the middle of a write have left; so does opening a store. */
  reclaim(op?: OpOptions): Promise<void>;
  /** Calls from now on reject with `UNAVAILABLE`. */
  close(): Promise<void>;
}

/**
 * Opens the database with this name, and creates it if need be; in a page or in any kind of worker.
 *
 * Rejects with `INVALID_ARGUMENT` for bad options or a database of somebody else's, `QUOTA` if there is no space,
 * `ABORTED` by the signal, `UNAVAILABLE` if the browser allows no storage or the database was made by a newer version.
 */
export async function openIndexedDb(name: string, options: IndexedDbOptions = {}): Promise<IndexedDbStore> {
  const settings = checkOptions(name, options);
  const connection = await connect(name, settings);
  const db = databaseOn(connection, settings.durability);
  const loose = looseIn(db, name);
  const writeStream = streamWriter(db, loose);
  await collectIfPossible(loose);

  const close = async (): Promise<void> => connection.close();
  return {
    objects: indexedDbObjects(db, settings.onSkipped),
    blobs: indexedDbBlobs(db, loose, writeStream),
    archives: indexedDbArchives(db, loose, writeStream),
    codec: nativeCodec(),
    alone: (work) => ifFree(`session-archiver:${name}:alone`, work),
    reclaim: (op) => loose.collect({ signal: op?.signal }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

export interface DeleteOptions {
  /** The deletion waits for a tab that doesn't let go of the database. Tabs with a store of this package do. */
  readonly onBlocked?: (() => void) | undefined;
}

/** Deletes the database with everything in it. Stores that are open on it, in any tab, are closed by that. */
export async function deleteIndexedDb(name: string, options: DeleteOptions = {}): Promise<void> {
  checkName(name, "database name");
  try {
    await deleteDB(name, { blocked: () => options.onBlocked?.() });
  } catch (error) {
    throw await translate(error, { bytes: 0 });
  }
}

/** Leftovers can wait: they are no reason not to open. */
async function collectIfPossible(loose: Loose): Promise<void> {
  try {
    await loose.collect();
  } catch (error) {
    if (!hasCode(error, "UNAVAILABLE", "QUOTA")) throw error;
  }
}
