/** Objects in memory: kept as JSON, so that nobody shares a mutable value with the store. */
import type { ObjectStore } from "../../ports.js";
import { defineObjects } from "../define-objects.js";

interface Row {
  readonly version: string;
  readonly json: string;
  readonly archiveBytes: number;
}

/** An empty object store. */
export function memoryObjects(): ObjectStore {
  const objects = new Map<string, Row>();
  let own: Omit<Row, "archiveBytes"> | undefined;
  let versions = 0;
  let archiveBytes = 0;
  const nextVersion = (): string => String(++versions);
  return defineObjects({
    get(id) {
      return objects.get(id);
    },
    put(id, { json, index }, expected) {
      const before = objects.get(id);
      if ((before?.version ?? null) !== expected) return undefined;
      const version = nextVersion();
      archiveBytes += index.archiveBytes - (before?.archiveBytes ?? 0);
      objects.set(id, { version, json, archiveBytes: index.archiveBytes });
      return version;
    },
    delete(id, expected) {
      const row = objects.get(id);
      if (row?.version !== expected) return false;
      archiveBytes -= row.archiveBytes;
      return objects.delete(id);
    },
    async *list() {
      yield [...objects.keys()];
    },
    archiveBytes() {
      return archiveBytes;
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
