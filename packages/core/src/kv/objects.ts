/** The object port on a Kv: one JSON value an object. */
import { ArchiverError, throwIfAborted } from "../errors.js";
import { matchesQuery } from "../metadata.js";
import type { Meta, ObjectStore, StoredObject } from "../ports.js";
import { checkName } from "../validate.js";
import { getJson, type JsonEntry, setJson } from "./json.js";
import type { Kv } from "./kv.js";

const PREFIX = "object/";
const OWN = "store";

export function kvObjects(kv: Kv): ObjectStore {
  const conflict = (id: string): ArchiverError =>
    new ArchiverError("CONFLICT", `Object "${id}" is not at the version that was expected.`, { id });
  return {
    async get(id, op) {
      checkName(id, "session id");
      throwIfAborted(op?.signal, { id });
      const entry = await getJson<unknown>(kv, PREFIX + id);
      return entry && objectOf(id, entry);
    },
    async put(id, meta, expected, op) {
      checkName(id, "session id");
      throwIfAborted(op?.signal, { id });
      const version = await setJson(kv, PREFIX + id, meta, expected);
      if (version === undefined) throw conflict(id);
      return version;
    },
    async delete(id, expected, op) {
      checkName(id, "session id");
      throwIfAborted(op?.signal, { id });
      if (!(await kv.delete(PREFIX + id, expected))) throw conflict(id);
    },
    async *list(query, op) {
      for await (const key of kv.keys(PREFIX + (query?.prefix ?? ""))) {
        throwIfAborted(op?.signal);
        const id = key.slice(PREFIX.length);
        const entry = await getJson<unknown>(kv, key);
        const object = entry && objectOf(id, entry);
        if (object && matchesQuery(id, object.meta, query)) yield object;
      }
    },
    ownMeta: {
      async get(op) {
        throwIfAborted(op?.signal);
        const entry = await getJson<unknown>(kv, OWN);
        return entry && { version: entry.version, meta: metaOf(entry.value, "the store itself") };
      },
      async put(meta, expected, op) {
        throwIfAborted(op?.signal);
        const version = await setJson(kv, OWN, meta, expected);
        if (version !== undefined) return version;
        throw new ArchiverError("CONFLICT", "The store's own metadata is not at the version that was expected.");
      },
    },
  };
}

function objectOf(id: string, { value, version }: JsonEntry<unknown>): StoredObject {
  return { id, version, meta: metaOf(value, `"${id}"`, id) };
}

function metaOf(value: unknown, of: string, id?: string): Meta {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Meta;
  throw new ArchiverError("CORRUPT", `The store holds something else than metadata for ${of}.`, { id });
}
