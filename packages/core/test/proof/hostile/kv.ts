/** A key-value store in memory, with what somebody else has put there. */
import type { Kv } from "../../../src/adapter.js";

export function loadKv(texts: Readonly<Record<string, string>>): Kv {
  const entries = new Map(
    Object.entries(texts).map(([key, text]) => [key, { value: new TextEncoder().encode(text), version: "0" }]),
  );
  let versions = 0;
  return {
    get: async (key) => entries.get(key),
    async set(key, value, expected) {
      if ((entries.get(key)?.version ?? null) !== expected) return undefined;
      const version = String(++versions);
      entries.set(key, { value: value.slice(), version });
      return version;
    },
    async delete(key, expected) {
      return entries.get(key)?.version === expected && entries.delete(key);
    },
    async *keys(prefix) {
      for (const key of [...entries.keys()]) if (key.startsWith(prefix)) yield key;
    },
  };
}
