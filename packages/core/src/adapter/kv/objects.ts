/** Objects on a Kv: one JSON value each. */
import type { ObjectBackend } from "../backends.js";
import type { StoredMeta } from "../stored-meta.js";
import { decodeText, encodeText } from "./json.js";
import type { Kv } from "./kv.js";

const PREFIX = "object/";
const OWN = "store";

export function kvObjects(kv: Kv): ObjectBackend {
  const find = async (key: string): Promise<StoredMeta | undefined> => {
    const entry = await kv.get(key);
    return entry && { version: entry.version, json: decodeText(entry.value) };
  };
  return {
    get: (id) => find(PREFIX + id),
    put: (id, { json }, expected) => kv.set(PREFIX + id, encodeText(json), expected),
    delete: (id, expected) => kv.delete(PREFIX + id, expected),
    async *list({ prefix = "" }) {
      for await (const key of kv.keys(PREFIX + prefix)) yield key.slice(PREFIX.length);
    },
    ownMeta: {
      place: `under the key "${OWN}"`,
      get: () => find(OWN),
      put: ({ json }, expected) => kv.set(OWN, encodeText(json), expected),
    },
  };
}
