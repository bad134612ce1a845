/** Objects, and a store's own metadata, on a simulated disk. */
import type { Meta, OwnMeta, Ports, StoredObject } from "@session-archiver/core";
import { matchesQuery, sweepIndex } from "@session-archiver/core/adapter";
import { conflict, type Journal } from "./journal.js";

export interface StoredOwn {
  readonly version: string;
  readonly meta: Meta;
}

/** Called before an object is replaced. The returned function is called if a power cut undoes that. */
export type OnPut = (before: Meta | undefined, after: Meta) => (() => void) | undefined;

export function objectsOn(
  objects: Map<string, StoredObject>,
  journal: Journal,
  newVersion: () => string,
  onPut: OnPut,
): Ports["objects"] {
  const swap = (id: string, expected: string | null): Meta | undefined => {
    const object = objects.get(id);
    if ((object?.version ?? null) !== expected) throw conflict(`Object "${id}"`);
    return object?.meta;
  };
  return {
    get: async (id) => objects.get(id),
    async put(id, meta, expected) {
      const before = swap(id, expected);
      const object = { id, version: newVersion(), meta: Object.freeze({ ...meta }) };
      const undo = onPut(before, object.meta);
      if (undo) journal.note(undo);
      journal.set(objects, id, object);
      return object.version;
    },
    async delete(id, expected) {
      swap(id, expected);
      journal.set(objects, id, undefined);
    },
    async *list(query) {
      for (const object of [...objects.values()]) {
        const current = objects.get(object.id);
        if (current && matchesQuery(current.id, current.meta, query)) yield current;
      }
    },
    archiveBytes: async () => [...objects.values()].reduce((sum, { meta }) => sum + sweepIndex(meta).archiveBytes, 0),
  };
}

/** The one entry of its map. */
export const OWN = "own";

export function ownMetaOn(owns: Map<string, StoredOwn>, journal: Journal, newVersion: () => string): OwnMeta {
  return {
    get: async () => owns.get(OWN),
    async put(meta, expected) {
      if ((owns.get(OWN)?.version ?? null) !== expected) throw conflict("The store's own metadata");
      const version = newVersion();
      journal.set(owns, OWN, { version, meta: Object.freeze({ ...meta }) });
      return version;
    },
  };
}
