/** The writes that aren't durable yet, and how to undo each of them. */
import { ArchiverError } from "@session-archiver/core";
import { below, type Random } from "../random.js";

export interface Journal {
  /** Sets the entry, or removes it if there is no value. */
  set<K, V>(map: Map<K, V>, key: K, value: V | undefined): void;
  /** `undo` is called if a power cut undoes the next write. */
  note(undo: () => void): void;
  /** Makes all writes so far durable. */
  sync(): void;
  /** Undoes the last writes that are not durable: none, some or all of them. */
  powerCut(random: Random): void;
}

export function createJournal(onEffect: () => void): Journal {
  let unsynced: (() => void)[] = [];
  return {
    set(map, key, value) {
      const before = map.get(key);
      const put = (entry: typeof value): void => void (entry === undefined ? map.delete(key) : map.set(key, entry));
      put(value);
      unsynced.push(() => put(before));
      onEffect();
    },
    note: (undo) => void unsynced.push(undo),
    sync() {
      unsynced = [];
    },
    powerCut(random) {
      const kept = below(random, unsynced.length + 1);
      for (const undo of unsynced.splice(kept).reverse()) undo();
      unsynced = [];
      onEffect();
    },
  };
}

export function absent(isThere: boolean, key: string): void {
  if (isThere) throw conflict(`"${key}"`);
}

export function conflict(what: string): ArchiverError {
  return new ArchiverError("CONFLICT", `${what} has changed.`);
}
