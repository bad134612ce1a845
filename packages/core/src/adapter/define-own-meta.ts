/** The store's own metadata over a backend of its own. */
import type { OwnMeta } from "../ports.js";
import type { OwnMetaBackend } from "./backends.js";
import { objectCall } from "./call.js";
import type { Guard } from "./guard.js";
import { checkExpected, decodeMeta, encodeMeta, requireSwapped } from "./stored-meta.js";

export function defineOwnMeta(backend: OwnMetaBackend, guard: Guard): OwnMeta {
  return {
    async get(op) {
      const call = guard.begin(objectCall("ownMeta.get", undefined, op));
      try {
        const stored = await backend.get(call);
        return stored && decodeMeta(stored, `the store itself, ${backend.place},`, {});
      } catch (error) {
        return guard.fail(error, call);
      }
    },
    async put(meta, expected, op) {
      checkExpected(expected, {});
      const record = encodeMeta(meta, {});
      const call = guard.begin(objectCall("ownMeta.put", undefined, op));
      try {
        return requireSwapped(await backend.put(record, expected, call), "The store's own metadata", expected, {});
      } catch (error) {
        return guard.fail(error, call);
      }
    },
  };
}
