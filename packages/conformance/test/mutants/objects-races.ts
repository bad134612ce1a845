/** Defects that show when several calls run at once, and in errors and signals. */
import { ArchiverError } from "@session-archiver/core";
import { inObjects, type Mutant, roundTrip } from "./mutant.js";
import { checkVersion, force, remove } from "./wrong-writes.js";

export const objectRaceMutants: readonly Mutant[] = [
  inObjects(
    "put looks, then writes: another call may come between",
    [
      "of many puts with null exactly one succeeds, and its metadata is kept",
      "of many puts at one version exactly one succeeds, and its metadata is kept",
      "workers that count together lose no count",
      "objects: counting together they lose no count",
    ],
    (base) => ({
      async put(id, meta, expected) {
        await checkVersion(base, id, expected);
        await roundTrip();
        return force(base, id, meta);
      },
    }),
  ),
  inObjects(
    "delete looks, then deletes: another call may come between",
    [
      "of many deletes at one version exactly one succeeds",
      "of a put and a delete at one version exactly one succeeds",
    ],
    (base) => ({
      async delete(id, expected) {
        await checkVersion(base, id, expected);
        await roundTrip();
        await remove(base, id);
      },
    }),
  ),
  inObjects(
    "a put is CONFLICT while any other is under way",
    ["puts to different objects don't get in each other's way"],
    (base) => {
      let busy = false;
      return {
        async put(id, meta, expected, op) {
          if (busy) throw new ArchiverError("CONFLICT", "Another put is under way.", { id });
          busy = true;
          await roundTrip();
          return base.put(id, meta, expected, op).finally(() => {
            busy = false;
          });
        },
      };
    },
  ),
  inObjects(
    "the error doesn't say which object it was",
    ["put with null is CONFLICT if the object is there, and changes nothing"],
    (base) => ({
      put: (id, meta, expected, op) =>
        base.put(id, meta, expected, op).catch(() => {
          throw new ArchiverError("CONFLICT", "Another version.");
        }),
    }),
  ),
  inObjects(
    "the error has a code of the backend's",
    [
      "put at a stale version is CONFLICT, and changes nothing",
      "archivers that race for one session leave it archived once, and whole",
    ],
    (base) => ({
      put: (id, meta, expected, op) =>
        base.put(id, meta, expected, op).catch(() => {
          throw Object.assign(new Error("412"), { code: "PRECONDITION_FAILED", id });
        }),
    }),
  ),
  inObjects(
    "the signal is ignored",
    ["objects: with an aborted signal no call does anything", "objects: list aborted half-way stops"],
    (base) => ({
      get: (id) => base.get(id),
      put: (id, meta, expected) => base.put(id, meta, expected),
      delete: (id, expected) => base.delete(id, expected),
      list: (query) => base.list(query),
    }),
  ),
  inObjects(
    "an aborted put is done all the same",
    ["objects: with an aborted signal no call does anything"],
    (base) => ({
      async put(id, meta, expected, op) {
        const version = await base.put(id, meta, expected);
        if (op?.signal?.aborted) throw new ArchiverError("ABORTED", "Too late.", { id });
        return version;
      },
    }),
  ),
];
