/** The object store over a backend of its own. */
import { ArchiverError } from "../errors.js";
import type { ObjectStore, OpOptions, StoredObject } from "../ports.js";
import { matchesQuery } from "../session/metadata.js";
import type { ObjectBackend } from "./backends.js";
import { objectCall } from "./call.js";
import { claiming } from "./claiming.js";
import { defineOwnMeta } from "./define-own-meta.js";
import { type AdapterOptions, guardOf } from "./guard.js";
import { listingNewest } from "./list-newest.js";
import { idOf, itemsOf, objectIn } from "./listed-objects.js";
import { checkExpected, checkVersion, encodeMeta, requireSwapped } from "./stored-meta.js";
import { takeDamaged } from "./take-damaged.js";
import { skipCorrupt } from "./unless-corrupt.js";
import { checkName } from "./validate.js";

export function defineObjects(backend: ObjectBackend, options?: AdapterOptions): ObjectStore {
  const guard = guardOf(options);
  const { ownMeta } = backend;
  const archiveBytes = backend.archiveBytes?.bind(backend);
  const get = async (id: string, op: OpOptions | undefined): Promise<StoredObject | undefined> => {
    checkName(id, "session id");
    const call = guard.begin(objectCall("objects.get", id, op));
    try {
      const stored = await backend.get(id, call);
      return stored && objectIn(id, stored);
    } catch (error) {
      return guard.fail(error, call);
    }
  };
  return {
    get,
    async put(id, meta, expected, op) {
      checkName(id, "session id");
      checkExpected(expected, { id });
      const record = encodeMeta(meta, { id }, backend.listNewest !== undefined);
      const call = guard.begin(objectCall("objects.put", id, op));
      try {
        return requireSwapped(await backend.put(id, record, expected, call), `Object "${id}"`, expected, { id });
      } catch (error) {
        return guard.fail(error, call);
      }
    },
    async delete(id, expected, op) {
      checkName(id, "session id");
      checkVersion(expected, { id });
      const call = guard.begin(objectCall("objects.delete", id, op));
      try {
        requireSwapped((await backend.delete(id, expected, call)) || undefined, `Object "${id}"`, expected, { id });
      } catch (error) {
        await guard.fail(error, call);
      }
    },
    async *list(query = {}, op) {
      const call = guard.begin(objectCall("objects.list", undefined, op));
      try {
        for await (const listed of backend.list(query, call)) {
          for (const item of itemsOf(listed)) {
            guard.begin(call);
            let object: StoredObject | undefined;
            try {
              object = typeof item === "string" ? await get(item, op) : objectIn(idOf(item.id), item);
            } catch (error) {
              skipCorrupt(error, guard.onSkipped);
            }
            if (object && matchesQuery(object.id, object.meta, query)) yield object;
          }
        }
      } catch (error) {
        await guard.fail(error, call);
      }
    },
    async takeDamaged(id, keep, op) {
      checkName(id, "session id");
      const call = guard.begin(objectCall("objects.takeDamaged", id, op));
      try {
        if (await (backend.takeDamaged?.(id, keep, call) ?? takeDamaged(backend, id, keep, call))) return;
      } catch (error) {
        await guard.fail(error, call);
      }
      throw new ArchiverError("CONFLICT", `Object "${id}" is absent or not damaged; read it again.`, { id });
    },
    ...(backend.listNewest && { listNewest: listingNewest(backend, guard, get) }),
    ...(backend.claim && { claim: claiming(backend, guard) }),
    ...(archiveBytes && {
      async archiveBytes(op) {
        const call = guard.begin(objectCall("objects.archiveBytes", undefined, op));
        try {
          return await archiveBytes(call);
        } catch (error) {
          return guard.fail(error, call);
        }
      },
    }),
    ...(ownMeta && { ownMeta: defineOwnMeta(ownMeta, guard) }),
  };
}
