/** Objects in memory: kept as JSON, so that nobody shares a mutable value with the store. */
import { ArchiverError, throwIfAborted } from "../errors.js";
import type { Meta, ObjectStore, StoredObject } from "../ports.js";
import { matchesQuery, sweepIndex } from "../session/metadata.js";
import { checkedJson, checkName } from "../validate.js";

/** An empty object store. */
export function memoryObjects(): ObjectStore {
  const objects = new Map<string, { version: string; json: string }>();
  let own: { version: string; json: string } | undefined;
  let versions = 0;
  let storedBytes = 0;
  const parse = (id: string, row: { version: string; json: string }): StoredObject => ({
    id,
    version: row.version,
    meta: JSON.parse(row.json) as Meta,
  });
  const check = (id: string, expected: string | null): void => {
    if ((objects.get(id)?.version ?? null) !== expected) {
      throw new ArchiverError("CONFLICT", `Object "${id}" is not at version ${expected ?? "(absent)"}.`, { id });
    }
  };
  const bytesOf = (row: { readonly json: string } | undefined): number =>
    row ? sweepIndex(JSON.parse(row.json) as Meta).archiveBytes : 0;
  return {
    async get(id, op) {
      checkName(id, "session id");
      throwIfAborted(op?.signal, { id });
      const row = objects.get(id);
      return row && parse(id, row);
    },
    async put(id, meta, expected, op) {
      checkName(id, "session id");
      throwIfAborted(op?.signal, { id });
      check(id, expected);
      const version = String(++versions);
      const row = { version, json: checkedJson(meta, id) };
      storedBytes += bytesOf(row) - bytesOf(objects.get(id));
      objects.set(id, row);
      return version;
    },
    async delete(id, expected, op) {
      checkName(id, "session id");
      throwIfAborted(op?.signal, { id });
      if (expected === null) throw new ArchiverError("INVALID_ARGUMENT", "A delete names a version.", { id });
      check(id, expected);
      storedBytes -= bytesOf(objects.get(id));
      objects.delete(id);
    },
    async *list(query, op) {
      for (const id of [...objects.keys()]) {
        throwIfAborted(op?.signal);
        const row = objects.get(id);
        const object = row && parse(id, row);
        if (object && matchesQuery(id, object.meta, query)) yield object;
      }
    },
    async archiveBytes(op) {
      throwIfAborted(op?.signal);
      return storedBytes;
    },
    ownMeta: {
      async get(op) {
        throwIfAborted(op?.signal);
        return own && { version: own.version, meta: JSON.parse(own.json) as Meta };
      },
      async put(meta, expected, op) {
        throwIfAborted(op?.signal);
        if ((own?.version ?? null) !== expected) {
          throw new ArchiverError("CONFLICT", `The store's own metadata is not at version ${expected ?? "(absent)"}.`);
        }
        const json = checkedJson(meta);
        own = { version: String(++versions), json };
        return own.version;
      },
    },
  };
}
