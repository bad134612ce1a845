/** Defects in how the other objects fare when one is damaged. */
import { ArchiverError, memoryPorts, type ObjectStore, type StoredObject } from "@session-archiver/core";
import { sharing } from "../subjects.js";
import { inPorts, type Mutant } from "./mutant.js";

const LISTED = "a listing gives all objects but the damaged ones, each once";
const CORRUPT = "get of a damaged object rejects with CORRUPT, and of no other";
const SWEPT = "a sweep archives the other sessions, and leaves what a damaged one has";

const corrupt = (id: string): ArchiverError => new ArchiverError("CORRUPT", `"${id}" is damaged.`, { id });

/** Makes the wrong port from a whole store and the ids of its damaged objects. */
type Wrong = (base: ObjectStore, damaged: ReadonlySet<string>) => Partial<ObjectStore>;

function inDamaged(defect: string, caughtBy: readonly string[], wrong: Wrong): Mutant {
  return inPorts(`damaged objects: ${defect}`, caughtBy, () => {
    const { objects, ...ports } = memoryPorts();
    const damaged = new Set<string>();
    const right: Wrong = (base) => ({
      async get(id, op) {
        if (damaged.has(id)) throw corrupt(id);
        return base.get(id, op);
      },
      async *list(query, op) {
        for await (const object of base.list(query, op)) if (!damaged.has(object.id)) yield object;
      },
    });
    const changed = { ...objects, ...right(objects, damaged), ...wrong(objects, damaged) };
    return { ...sharing({ ...ports, objects: changed }), damage: async (id) => void damaged.add(id) };
  });
}

export const damageMutants: readonly Mutant[] = [
  inDamaged("one ends the listing with its error", [LISTED, SWEPT], (base, damaged) => ({
    async *list(query, op) {
      for await (const object of base.list(query, op)) {
        if (damaged.has(object.id)) throw corrupt(object.id);
        yield object;
      }
    },
  })),
  inDamaged("one ends a listing by a query only", [LISTED, SWEPT], (base, damaged) => ({
    async *list(query, op) {
      for await (const object of base.list(query, op)) {
        if (!damaged.has(object.id)) yield object;
        else if (query?.lastActiveBefore !== undefined) throw corrupt(object.id);
      }
    },
  })),
  inDamaged("one ends the listing as if it were at its end", [LISTED, SWEPT], (base, damaged) => ({
    async *list(query, op) {
      for await (const object of base.list(query, op)) {
        if (damaged.has(object.id)) return;
        yield object;
      }
    },
  })),
  inDamaged("one is listed as an object without metadata", [LISTED], (base, damaged) => ({
    async *list(query, op) {
      for await (const object of base.list(query, op)) yield damaged.has(object.id) ? { ...object, meta: {} } : object;
    },
  })),
  inDamaged("one makes the listing begin again", [LISTED], (base, damaged) => ({
    async *list(query, op) {
      const passed: StoredObject[] = [];
      for await (const object of base.list(query, op)) {
        if (damaged.has(object.id)) yield* passed;
        else yield object;
        passed.push(object);
      }
    },
  })),
  inDamaged("one hides the next object of the listing", [LISTED, SWEPT], (base, damaged) => ({
    async *list(query, op) {
      let skips = false;
      for await (const object of base.list(query, op)) {
        if (!damaged.has(object.id) && !skips) yield object;
        skips = damaged.has(object.id);
      }
    },
  })),
  inDamaged("get treats one as absent", [CORRUPT], (base, damaged) => ({
    get: async (id, op) => (damaged.has(id) ? undefined : base.get(id, op)),
  })),
  inDamaged("get gives one without its metadata", [CORRUPT], (base, damaged) => ({
    async get(id, op) {
      const found = await base.get(id, op);
      return found && damaged.has(id) ? { ...found, meta: {} } : found;
    },
  })),
  inDamaged("one makes the whole store CORRUPT", [CORRUPT, LISTED, SWEPT], (base, damaged) => ({
    async get(id, op) {
      if (damaged.size > 0) throw corrupt(id);
      return base.get(id, op);
    },
    async *list(query, op) {
      if (damaged.size > 0) throw corrupt("");
      yield* base.list(query, op);
    },
  })),
];
