/** The object port on a Kv: one JSON value an object. */
import { ArchiverError, hasCode, throwIfAborted } from "../errors.js";
import type { Meta, ObjectStore, StoredObject } from "../ports.js";
import { matchesQuery } from "../session/metadata.js";
import { checkName } from "../validate.js";
import { getJson, setJson } from "./json.js";
import type { Kv } from "./kv.js";

const PREFIX = "object/";
const OWN = "store";

/** `onSkipped` is told of objects that can't be read while others are listed. */
export function kvObjects(kv: Kv, onSkipped: (error: Error) => void): ObjectStore {
  const conflict = (id: string): ArchiverError =>
    new ArchiverError("CONFLICT", `Object "${id}" is not at the version that was expected.`, { id });
  const find = async (id: string): Promise<StoredObject | undefined> => {
    const entry = await getJson<unknown>(kv, PREFIX + id, id);
    return entry && { id, version: entry.version, meta: metaOf(entry.value, `"${id}"`, id) };
  };
  /** One damaged object must not hide all others. */
  const findUnlessCorrupt = async (id: string): Promise<StoredObject | undefined> => {
    try {
      return await find(id);
    } catch (error) {
      if (!(error instanceof Error) || !hasCode(error, "CORRUPT")) throw error;
      onSkipped(error);
      return undefined;
    }
  };
  return {
    async get(id, op) {
      checkName(id, "session id");
      throwIfAborted(op?.signal, { id });
      return find(id);
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
        const object = await findUnlessCorrupt(id);
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

function metaOf(value: unknown, of: string, id?: string): Meta {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Meta;
  throw new ArchiverError("CORRUPT", `The store holds something else than metadata for ${of}.`, { id });
}
