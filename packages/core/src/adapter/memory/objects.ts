/** Objects in memory: kept as JSON, so that nobody shares a mutable value with the store. */
import type { ObjectStore } from "../../ports.js";
import { defineObjects } from "../define-objects.js";

interface Row {
  readonly version: string;
  readonly json: string;
  readonly storedBytes: number;
}

/** An empty object store. */
export function memoryObjects(): ObjectStore {
  const objects = new Map<string, Row>();
  let own: Omit<Row, "storedBytes"> | undefined;
  let versions = 0;
  let storedBytes = 0;
  const nextVersion = (): string => String(++versions);
  return defineObjects({
    get(id) {
      return objects.get(id);
    },
    put(id, { json, index }, expected) {
      const before = objects.get(id);
      if ((before?.version ?? null) !== expected) return undefined;
      const version = nextVersion();
      storedBytes += index.storedBytes - (before?.storedBytes ?? 0);
      objects.set(id, { version, json, storedBytes: index.storedBytes });
      return version;
    },
    delete(id, expected) {
      const row = objects.get(id);
      if (row?.version !== expected) return false;
      storedBytes -= row.storedBytes;
      return objects.delete(id);
    },
    async *list() {
      yield [...objects.keys()];
    },
    storedBytes() {
      return storedBytes;
    },
    ownMeta: {
      place: "in memory",
      get() {
        return own;
      },
      put({ json }, expected) {
        if ((own?.version ?? null) !== expected) return undefined;
        own = { version: nextVersion(), json };
        return own.version;
      },
    },
  });
}
