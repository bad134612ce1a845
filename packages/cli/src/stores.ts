/**
 * Opens the stores of `--store` and `--archives`. The only module that knows the adapters; each is loaded when it is
 * named.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { dirname } from "node:path";
import {
  ArchiverError,
  type ArchiveSink,
  memoryPorts,
  type OpOptions,
  type OtherCatalogue,
  type Ports,
} from "@session-archiver/core";
import { memoryArchives } from "@session-archiver/core/adapter";
import { isRecordKey, sessionIdOf } from "@session-archiver/core/format";
import type { StoreSpec } from "./arguments.js";
import type { SetAside } from "./doctor/set-aside.js";
import { type LateSink, lateSink } from "./late-sink.js";
import { requireSomething, requireStores } from "./missing-store.js";
import type { Places } from "./store-places.js";

/**
 * `read`: the command changes nothing, not even by opening the stores, and wants them to be there. `peek`: the same, and
 * stores that are not there are empty. `note`: it notes
 * what it finds in stores that are there. `write`: it makes them if need be. `anew`: a catalogue that can't be used is
 * set aside, and another made in its place. `replace`: any catalogue is.
 */
export type Access = "read" | "peek" | "note" | "write" | "anew" | "replace";

export interface StoreOptions {
  readonly places: Places;
  /** Gets the error of a session whose record can't be read; listings leave it out. */
  readonly onSkipped: (error: Error) => void;
  readonly access: Access;
  /** Unix ms. */
  readonly now: () => number;
}

/** Options for opening one adapter. */
interface Manner {
  readonly onSkipped: (error: Error) => void;
  readonly readOnly: boolean;
}

export interface Stores extends Ports {
  /** Absolute paths of the stores' own files and folders, which an import leaves out. */
  readonly paths: readonly string[];
  /** Gives the space of deleted bytes back to the file system; resolves to the bytes by which databases shrank. */
  reclaim(op?: OpOptions): Promise<number>;
  /**
   * Makes deleted bytes unreadable. `rewrittenBytes`: the sizes of databases that were written anew; `unfinished`: writes
   * of other processes, or of crashed ones, whose bytes are unknown and still there; `setAside`: the folders of databases
   * that a repair has set aside, and which stay as they are.
   */
  erase(op?: OpOptions): Promise<Erased>;
  /** Catalogues that were set aside, and from which not all was taken over yet; the newest first. */
  previous(): readonly Previous[];
  close(): Promise<void>;
}

export interface Previous extends SetAside {
  /** To take sessions over from it; `undefined` if there is nothing to open. */
  open(): Promise<OtherCatalogue | undefined>;
}

export interface Erased {
  readonly rewrittenBytes: number;
  readonly unfinished: number;
  readonly setAside: readonly string[];
}

/** One opened adapter. */
interface Opened extends Partial<Ports> {
  readonly archives: ArchiveSink;
  reclaim?(op?: OpOptions): Promise<{ readonly freedBytes: number }>;
  erase?(op?: OpOptions): Promise<{ readonly rewrittenBytes?: number; readonly unfinished: number }>;
  close(): Promise<void>;
}

/**
 * `INVALID_ARGUMENT` for a folder that holds other files, otherwise errors of the adapters. Creates what does not
 * exist; with any access but `write`, rejects with `NOT_FOUND`.
 */
export async function openStores(options: StoreOptions): Promise<Stores> {
  const { places } = options;
  const { store, sink } = places;
  const isOne = store.kind === sink.kind && store.path === sink.path;

  if (options.access === "peek" && !existsSync(store.path)) return { ...noStores(), paths: [store.path, sink.path] };
  const manner = { onSkipped: options.onSkipped, readOnly: options.access === "read" || options.access === "peek" };
  const asides = await asidesFor(options, store);
  if (options.access === "anew" && asides.length === 0) requireSomething(places);
  if (options.access === "read" || options.access === "note") requireStores(places);
  const main = await openStore(store, manner);
  const opened: Opened[] = [main];
  const close = async (): Promise<void> => {
    for (const one of opened) await one.close();
  };
  try {
    // A command that changes nothing may need no archive; one that writes first finds out whether it can.
    const open = (): Promise<LateSink> => openSink(sink, manner);
    const archives = isOne ? main : manner.readOnly ? lateSink(open) : await open();
    if (!isOne) opened.push(archives);
    return {
      objects: main.objects,
      blobs: main.blobs,
      archives: archives.archives,
      paths: [store.path, sink.path],
      previous: () =>
        asides.map((aside) => ({
          ...aside,
          async open() {
            if (store.kind !== "sqlite") return undefined;
            const other = await (await sqlite()).openSqlite(aside.path, { ...manner, readOnly: true });
            opened.push(other);
            return { objects: other.objects, blobs: other.blobs, archives: isOne ? other.archives : undefined };
          },
        })),
      async reclaim(op) {
        let freed = 0;
        for (const one of opened) freed += (await one.reclaim?.(op))?.freedBytes ?? 0;
        return freed;
      },
      async erase(op) {
        const { asideFolders } = await import("./doctor/set-aside.js");
        const setAside = store.kind === "sqlite" ? await asideFolders(store) : []; // plain files stay in use
        const erased = { rewrittenBytes: 0, unfinished: 0, setAside };
        for (const one of opened) {
          const { rewrittenBytes = 0, unfinished = 0 } = (await one.erase?.(op)) ?? {};
          erased.rewrittenBytes += rewrittenBytes;
          erased.unfinished += unfinished;
        }
        return erased;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Stands in for stores that nothing was put into yet. */
function noStores(): Omit<Stores, "paths"> {
  const erase = async (): Promise<Erased> => ({ rewrittenBytes: 0, unfinished: 0, setAside: [] });
  return { ...memoryPorts(), reclaim: async () => 0, erase, previous: () => [], close: async () => {} };
}

const fs = () => import("@session-archiver/adapter-fs");
const sqlite = () => import("@session-archiver/adapter-sqlite");

/** Sets the catalogue aside if the command wants that. */
async function asidesFor({ access, now }: StoreOptions, store: StoreSpec): Promise<readonly SetAside[]> {
  if (access !== "anew" && access !== "replace") return [];
  const { openAsides, setAside, setBrokenAside } = await import("./doctor/set-aside.js");
  const isForeign = access === "replace" && existsSync(store.path);
  if (isForeign) await setAside(store, "it belongs to other archives", now());
  else await setBrokenAside(store, now());
  return openAsides(store);
}

async function openStore(spec: StoreSpec, manner: Manner): Promise<Opened & Ports> {
  return spec.kind === "fs" ? (await fs()).openFs(spec.path, manner) : openDatabase(spec.path, manner);
}

async function openSink({ kind, path }: StoreSpec, manner: Manner): Promise<Opened> {
  if (kind === "sqlite") return openDatabase(path, manner);
  // Nothing has been archived yet.
  if (manner.readOnly && !existsSync(path)) return { archives: memoryArchives(), close: async () => {} };
  const archives = (await fs()).openFsArchives(path, manner);
  await refuseForeignFolder(path, archives);
  return { archives, erase: archives.erase, close: archives.close };
}

async function openDatabase(path: string, manner: Manner): Promise<Opened & Ports> {
  const { openSqlite } = await sqlite();
  if (manner.readOnly) return openSqlite(path, manner);
  try {
    // Other users of the machine must not read people's sessions.
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ArchiverError("UNAVAILABLE", `The folder of the database can't be made: ${reason}`, { cause });
  }
  return openSqlite(path, manner);
}

/** Archives lie directly in their folder, and must not be mixed with other files. */
async function refuseForeignFolder(path: string, archives: ArchiveSink): Promise<void> {
  const names = await readdir(path).catch(() => []);
  if (names.every((name) => name.startsWith("."))) return;
  for await (const { key } of archives.list()) if (sessionIdOf(key) !== undefined || isRecordKey(key)) return;
  const message = `The folder "${path}" holds other files and no archives: name one that is empty or new.`;
  throw new ArchiverError("INVALID_ARGUMENT", message);
}
