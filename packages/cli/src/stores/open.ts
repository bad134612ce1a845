/** Opens the stores of `--store` and `--archives`. */
import { memoryPorts, type OpOptions, type OtherCatalogue, type Ports } from "@session-archiver/core";
import { memoryArchives } from "@session-archiver/core/adapter";
import type { SetAside } from "../doctor/set-aside.js";
import { foldersSetAside, openAside, setCatalogueAside } from "./asides.js";
import { type LateSink, lateSink } from "./late-sink.js";
import { missingArchives, missingStore, requireSomething } from "./missing.js";
import type { Manner, Opened } from "./opener.js";
import { openerOf } from "./openers.js";
import type { Places } from "./places.js";
import { isSameStore, pathsOf, specText } from "./spec.js";
import { unlessAborted } from "./unless-aborted.js";

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
  /** Gets what people should know of a store, and is no error. */
  readonly onNotice: (message: string) => void;
  readonly access: Access;
  /** Unix ms. */
  readonly now: () => number;
  /** Ends the wait for servers that don't answer. */
  readonly signal?: AbortSignal | undefined;
}

export interface Stores extends Ports {
  /** Absolute paths of the stores' own files and folders, which an import leaves out. */
  readonly paths: readonly string[];
  /** Gives the space of deleted bytes back to the file system; resolves to the bytes by which databases shrank. */
  reclaim(op?: OpOptions): Promise<number>;
  /**
   * Makes deleted bytes unreadable. `rewrittenBytes`: the sizes of databases that were written anew; `unfinished`: writes
   * of other processes, or of crashed ones, whose bytes are unknown and still there; `setAside`: the folders of databases
   * that a repair has set aside, and which stay as they are; `onServers`: stores whose servers keep deleted bytes, and
   * why.
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
  readonly onServers: readonly { readonly store: string; readonly why: string }[];
}

/**
 * `INVALID_ARGUMENT` for a folder that holds other files, otherwise errors of the adapters. Creates what does not
 * exist; with any access but `write`, rejects with `NOT_FOUND`.
 */
export function openStores(options: StoreOptions): Promise<Stores> {
  return unlessAborted(openAll(options), options.signal, (stores) => void stores.close().catch(() => {}));
}

async function openAll(options: StoreOptions): Promise<Stores> {
  const { places, access, onSkipped, onNotice } = options;
  const { store, sink } = places;
  const isOne = isSameStore(store, sink);
  const paths = pathsOf(store, sink);
  const readOnly = access === "read" || access === "peek";
  const manner: Manner = { onSkipped, onNotice, readOnly, creates: !readOnly && access !== "note" };

  const asides = await asidesFor(options);
  if (access === "anew" && asides.length === 0) await requireSomething(places);
  const main = await openerOf(store).openStore(manner);
  if (!main) {
    if (access === "peek") return { ...noStores(), paths };
    throw await missingStore(places);
  }
  const opened: Opened[] = [main];
  const close = async (): Promise<void> => {
    for (const one of opened) await one.close();
  };
  try {
    if (!manner.creates && access !== "peek" && places.named.sink && openerOf(sink).lacksArchives())
      throw missingArchives(places);
    const open = (): Promise<LateSink> => unlessAborted(openArchives(options, manner), options.signal);
    // A command that changes nothing may need no archive; one that writes first finds out whether it can.
    const archives = isOne ? main : readOnly ? lateSink(open) : await open();
    if (!isOne) opened.push(archives);
    return {
      objects: main.objects,
      blobs: main.blobs,
      archives: archives.archives,
      paths,
      previous: () =>
        asides.map((aside) => ({
          ...aside,
          async open() {
            const other = await openAside(store, aside, onSkipped);
            if (!other) return undefined;
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
        const onServers: Erased["onServers"][number][] = [];
        const erased = { rewrittenBytes: 0, unfinished: 0, setAside: await foldersSetAside(store), onServers };
        for (const [n, one] of opened.entries()) {
          const { rewrittenBytes = 0, unfinished = 0, stays } = (await one.erase?.(op)) ?? {};
          erased.rewrittenBytes += rewrittenBytes;
          erased.unfinished += unfinished;
          if (stays !== undefined) onServers.push({ store: specText(n === 0 ? store : sink), why: stays });
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

async function openArchives({ places, access }: StoreOptions, manner: Manner): Promise<Opened> {
  const opened = await openerOf(places.sink).openArchives(manner);
  if (opened) return opened;
  if (access === "peek") return { archives: memoryArchives(), close: async () => {} };
  throw missingArchives(places);
}

/** Stands in for stores that nothing was put into yet. */
function noStores(): Omit<Stores, "paths"> {
  const erase = async (): Promise<Erased> => ({ rewrittenBytes: 0, unfinished: 0, setAside: [], onServers: [] });
  return { ...memoryPorts(), reclaim: async () => 0, erase, previous: () => [], close: async () => {} };
}

/** Sets the catalogue aside if the command wants that. */
async function asidesFor({ places, access, now }: StoreOptions): Promise<readonly SetAside[]> {
  if (access !== "anew" && access !== "replace") return [];
  return setCatalogueAside(places.store, access === "replace", now());
}
