/** The object port on a Kv: one JSON value an object. */
import { ArchiverError, throwIfAborted } from "../errors.js";
import { matchesQuery } from "../metadata.js";
import type { Meta, ObjectStore } from "../ports.js";
import { checkName } from "../validate.js";
import { getJson, setJson } from "./json.js";
import type { Kv } from "./kv.js";

const PREFIX = "object/";

export function kvObjects(kv: Kv): ObjectStore {
  const conflict = (id: string): ArchiverError =>
    new ArchiverError("CONFLICT", `Object "${id}" is not at the version that was expected.`, { id });
  return {
    async get(id, op) {
      checkName(id, "session id");
      throwIfAborted(op?.signal, { id });
      const entry = await getJson<Meta>(kv, PREFIX + id);
      return entry && { id, version: entry.version, meta: entry.value };
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
        const entry = await getJson<Meta>(kv, key);
        if (entry && matchesQuery(id, entry.value, query)) yield { id, version: entry.version, meta: entry.value };
      }
    },
  };
}
