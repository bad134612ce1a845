/** Defects in the compare-and-swap. */
import type { ObjectStore, Version } from "@session-archiver/core";
import { inObjects, type Mutant } from "./mutant.js";
import { checkVersion, force, remove } from "./wrong-writes.js";

/** The same store with other versions, computed from the object and the version. */
function versioned(base: ObjectStore, name: (id: string, version: Version) => Version): Partial<ObjectStore> {
  const real = new Map<string, Version>();
  const translate = async (id: string, expected: Version): Promise<Version> => {
    const object = await base.get(id);
    return object && name(id, object.version) === expected ? object.version : "none";
  };
  return {
    async get(id, op) {
      const object = await base.get(id, op);
      return object && { ...object, version: name(id, object.version) };
    },
    async put(id, meta, expected, op) {
      const version = await base.put(id, meta, expected === null ? null : await translate(id, expected), op);
      real.set(id, version);
      return name(id, version);
    },
    async delete(id, expected, op) {
      return base.delete(id, await translate(id, expected), op);
    },
  };
}

export const objectSwapMutants: readonly Mutant[] = [
  inObjects("get gives an empty object for an absent one", ["get of an absent object gives undefined"], (base) => ({
    get: async (id, op) => (await base.get(id, op)) ?? { id, version: "0", meta: {} },
  })),
  inObjects(
    "get gives the object without its version",
    ["put with null creates the object; get gives its id, version and metadata"],
    (base) => ({
      async get(id, op) {
        const object = await base.get(id, op);
        return object && { ...object, version: "" };
      },
    }),
  ),
  inObjects(
    "put merges the metadata into what was there",
    ["put at the current version replaces the metadata as a whole"],
    (base) => ({
      put: async (id, meta, expected, op) => base.put(id, { ...(await base.get(id))?.meta, ...meta }, expected, op),
    }),
  ),
  inObjects("put gives every object a new version", ["put leaves other objects as they are"], (base) => ({
    async put(id, meta, expected, op) {
      const version = await base.put(id, meta, expected, op);
      for await (const other of base.list()) if (other.id !== id) await force(base, other.id, other.meta);
      return version;
    },
  })),
  inObjects(
    "put with null overwrites",
    [
      "put with null is CONFLICT if the object is there, and changes nothing",
      "of many puts with null exactly one succeeds, and its metadata is kept",
      "objects do what the model does",
    ],
    (base) => ({
      put: (id, meta, expected, op) => (expected === null ? force(base, id, meta) : base.put(id, meta, expected, op)),
    }),
  ),
  inObjects(
    "put ignores the expected version",
    [
      "put at a stale version is CONFLICT, and changes nothing",
      "put at a version is CONFLICT if the object is absent, and creates nothing",
      "of many puts at one version exactly one succeeds, and its metadata is kept",
      "objects: each sees what the other has written",
      "metadata written just before the archiver commits is kept",
    ],
    (base) => ({
      put: (id, meta, expected, op) => (expected === null ? base.put(id, meta, null, op) : force(base, id, meta)),
    }),
  ),
  inObjects(
    "put at a stale version reports CONFLICT, but after writing",
    [
      "put at a stale version is CONFLICT, and changes nothing",
      "lines written during archives and restores are all there, in order",
    ],
    (base) => ({
      put: async (id, meta, expected, op) => {
        const result = await base.put(id, meta, expected, op).catch((error: unknown) => error);
        if (typeof result === "string") return result;
        if (expected !== null) await force(base, id, meta);
        throw result;
      },
    }),
  ),
  inObjects(
    "put at a version creates an absent object",
    ["put at a version is CONFLICT if the object is absent, and creates nothing"],
    (base) => ({
      put: async (id, meta, expected, op) => base.put(id, meta, (await base.get(id)) ? expected : null, op),
    }),
  ),
  inObjects(
    "put keeps the version if the metadata is equal",
    ["every put gives another version, also with equal metadata"],
    (base) => ({
      async put(id, meta, expected, op) {
        const now = await base.get(id);
        const equal = now?.version === expected && JSON.stringify(now?.meta) === JSON.stringify(meta);
        return equal ? now.version : base.put(id, meta, expected, op);
      },
    }),
  ),
  inObjects(
    "versions count from 1 again once the object was deleted",
    [
      "a version never comes back, not even after delete and re-create",
      "versions hold across a restart, and don't come back after one",
      "objects do what the model does",
    ],
    (base) => {
      const first = new Map<string, number>();
      const wrong = versioned(base, (id, version) => {
        if (!first.has(id)) first.set(id, Number(version));
        return `v${Number(version) - (first.get(id) ?? 0)}`;
      });
      return {
        ...wrong,
        async delete(id, expected, op) {
          await wrong.delete?.(id, expected, op);
          first.delete(id);
        },
      };
    },
  ),
  inObjects(
    "delete ignores the version",
    [
      "delete at a stale version is CONFLICT, and deletes nothing",
      "a version never comes back, not even after delete and re-create",
      "delete of an absent object is CONFLICT",
      "of many deletes at one version exactly one succeeds",
      "of a put and a delete at one version exactly one succeeds",
    ],
    (base) => ({ delete: (id) => remove(base, id) }),
  ),
  inObjects("delete of an absent object succeeds", ["delete of an absent object is CONFLICT"], (base) => ({
    async delete(id, expected, op) {
      if (await base.get(id)) await base.delete(id, expected, op);
    },
  })),
  inObjects(
    "delete removes every id with this prefix",
    [
      "delete at the current version removes the object and no other",
      "object ids come back as they are, and delete takes no other with it",
    ],
    (base) => ({
      async delete(id, expected, op) {
        await base.delete(id, expected, op);
        for await (const other of base.list({ prefix: id })) await remove(base, other.id);
      },
    }),
  ),
  inObjects(
    "delete keeps the object, hidden from get only",
    ["delete at the current version removes the object and no other"],
    (base) => {
      const hidden = new Set<Version>();
      return {
        async get(id, op) {
          const object = await base.get(id, op);
          return object && hidden.has(object.version) ? undefined : object;
        },
        async delete(id, expected) {
          await checkVersion(base, id, expected);
          hidden.add(expected);
        },
      };
    },
  ),
];
