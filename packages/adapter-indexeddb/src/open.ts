/** Opening a store, and deleting one. */
import { type Codec, hasCode, nativeCodec, type OpOptions, type Ports } from "@session-archiver/core";
import { checkName, defineAdapter } from "@session-archiver/core/adapter";
import { deleteDB } from "idb";
import { indexedDbArchives } from "./archives.js";
import { indexedDbBlobs } from "./blobs.js";
import { connect } from "./connection.js";
import { databaseOn } from "./database.js";
import { translate } from "./failure.js";
import { ifFree } from "./locks.js";
import { indexedDbObjects } from "./objects.js";
import { checkOptions, type IndexedDbOptions } from "./options.js";
import { type Orphans, orphansIn } from "./orphans.js";
import { reserveIn } from "./reserve.js";

export interface IndexedDbStore extends Ports, AsyncDisposable {
  /** `nativeCodec()`: what `createArchiver(store)` compresses with. */
  readonly codec: Codec;
  /**
   * Runs `work`, one at a time among all tabs and workers with this database open. Resolves to `undefined`, without running
   * it, while another is running. For sweeps: `archiver.start({ runExclusive: store.runExclusive })`. It only saves work:
   * without it, or without Web Locks, several tabs may sweep at once, and nothing is lost.
   */
  runExclusive<T>(this: void, work: () => Promise<T>): Promise<T | undefined>;
  /** Bytes that are kept for archiving now, and count as used. 0: archiving has used them up, or nothing was stored yet. */
  reservedBytes(): Promise<number>;
  /** Deletes the unfinished writes of tabs that were closed or crashed. Opening a store does, too. */
  reclaim(op?: OpOptions): Promise<void>;
  /** Calls from now on reject with `UNAVAILABLE`. */
  close(): Promise<void>;
}

/**
 * Opens the database with this name, and creates it if need be; in a page or in any kind of worker.
 *
 * Rejects with `INVALID_ARGUMENT` for bad options or a database that another program made, `QUOTA` if there is no space,
 * `ABORTED` by the signal, `UNAVAILABLE` if the browser allows no storage or the database was made by a newer version.
 */
export async function openIndexedDb(name: string, options: IndexedDbOptions = {}): Promise<IndexedDbStore> {
  const settings = checkOptions(name, options);
  const connection = await connect(name, settings);
  const db = databaseOn(connection, name, settings.durability);
  const orphans = orphansIn(db);
  const kept = reserveIn(db);
  const reserve = settings.reserve ? kept : undefined;
  await reclaimIfPossible(orphans);

  const backends = {
    objects: indexedDbObjects(db, reserve?.spending ?? db),
    blobs: indexedDbBlobs(db, orphans, reserve),
    archives: indexedDbArchives(db, orphans, reserve),
  };
  const close = async (): Promise<void> => connection.close();
  return {
    ...defineAdapter(backends, { onSkipped: settings.onSkipped }),
    codec: nativeCodec(),
    runExclusive: (work) => ifFree(`session-archiver:${name}:exclusive`, work),
    reservedBytes: () => kept.bytes(),
    reclaim: (op) => orphans.reclaim({ signal: op?.signal }),
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

/** Without space or locks, unfinished writes are left for another time: the store opens all the same. */
async function reclaimIfPossible(orphans: Orphans): Promise<void> {
  try {
    await orphans.reclaim();
  } catch (error) {
    if (!hasCode(error, "UNAVAILABLE", "QUOTA")) throw error;
  }
}
