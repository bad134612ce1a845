/** Adapters to run the suite on. */
import { type Kv, type KvEntry, memoryPorts, type Ports, portsFromKv } from "@session-archiver/core";
import type { Subject } from "../src/index.js";

/** Memory that outlives its ports: every instance shares it. */
export function sharing(ports: Ports): Subject {
  return { ...ports, reopen: async () => ports, peer: async () => ports };
}

export async function memorySubject(): Promise<Subject> {
  return sharing(memoryPorts());
}

/** A key-value store that answers in a later turn, as one behind a network or a disk does. */
function mapKv(entries: Map<string, KvEntry>, nextVersion: () => string): Kv {
  const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    async get(key) {
      await later();
      const entry = entries.get(key);
      return entry && { value: entry.value.slice(), version: entry.version };
    },
    async set(key, value, expected) {
      const copy = value.slice();
      await later();
      if ((entries.get(key)?.version ?? null) !== expected) return undefined;
      const version = nextVersion();
      entries.set(key, { value: copy, version });
      return version;
    },
    async delete(key, expected) {
      await later();
      return entries.get(key)?.version === expected && entries.delete(key);
    },
    async *keys(prefix) {
      for (const key of [...entries.keys()].filter((candidate) => candidate.startsWith(prefix))) {
        await later();
        if (entries.has(key)) yield key;
      }
    },
  };
}

/** The ports of core's helper for key-value stores; each instance has its own, over the same map. */
export async function kvSubject(): Promise<Subject> {
  const entries = new Map<string, KvEntry>();
  let versions = 0;
  const open = (): Ports => portsFromKv(mapKv(entries, () => String(++versions)));
  return { ...open(), reopen: async () => open(), peer: async () => open() };
}
