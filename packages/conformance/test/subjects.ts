/** Adapters to run the suite on. */
import { ArchiverError, memoryPorts, type Ports } from "@session-archiver/core";
import { type Kv, type KvEntry, portsFromKv } from "@session-archiver/core/adapter";
import { FEATURES, type Feature, type Subject } from "../src/index.js";

/** Ports, and a way to make a stored object unreadable. */
export interface DamageablePorts extends Ports {
  damage(id: string): Promise<void>;
}

/** Memory in which some objects can't be read. */
export function damageableMemory(): DamageablePorts {
  const { objects, ...ports } = memoryPorts();
  const damaged = new Set<string>();
  return {
    ...ports,
    objects: {
      ...objects,
      async get(id, op) {
        if (damaged.has(id)) throw new ArchiverError("CORRUPT", `"${id}" is damaged.`, { id });
        return objects.get(id, op);
      },
      async *list(query, op) {
        for await (const object of objects.list(query, op)) if (!damaged.has(object.id)) yield object;
      },
    },
    damage: async (id) => void damaged.add(id),
  };
}

/** Memory that outlives its ports: every instance shares it. */
export function sharing(ports: Ports): Subject {
  return { ...ports, reopen: async () => ports, peer: async () => ports };
}

export async function memorySubject(): Promise<Subject> {
  return sharing(damageableMemory());
}

/** All but an index, and claims. */
export const KV_OFFERS: readonly Feature[] = FEATURES.filter(
  (feature) => feature !== "listNewest" && feature !== "claim",
);

/** A key-value store that answers in a later turn, like one behind a network or on a disk. */
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
  const damage = async (id: string): Promise<void> => {
    const key = `object/${id}`;
    const entry = entries.get(key);
    if (entry) entries.set(key, { ...entry, value: entry.value.subarray(0, entry.value.length - 1) });
  };
  return { ...open(), damage, reopen: async () => open(), peer: async () => open() };
}
