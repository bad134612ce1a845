/** A key-value store in memory. */
import type { Kv, KvEntry } from "../../src/adapter.js";

export function mapKv(entries: Map<string, KvEntry>): Kv {
  return {
    get: async (key) => entries.get(key),
    async set(key, value, expected) {
      if ((entries.get(key)?.version ?? null) !== expected) return undefined;
      const version = crypto.randomUUID();
      entries.set(key, { value, version });
      return version;
    },
    delete: async (key, expected) => entries.get(key)?.version === expected && entries.delete(key),
    async *keys(prefix) {
      for (const key of entries.keys()) if (key.startsWith(prefix)) yield key;
    },
  };
}
