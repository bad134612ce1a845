/** The object store over a backend of its own. */
import { ArchiverError } from "../errors.js";
import type { ObjectStore, OwnMeta, StoredObject, Version } from "../ports.js";
import { matchesQuery } from "../session/metadata.js";
import type { ListedObject, ObjectBackend, OwnMetaBackend } from "./backends.js";
import { objectCall } from "./call.js";
import { type AdapterOptions, type Guard, guardOf } from "./guard.js";
import { checkExpected, checkVersion, decodeMeta, encodeMeta, type StoredMeta } from "./stored-meta.js";
import { resolvedUnlessCorrupt, unlessCorrupt } from "./unless-corrupt.js";
import { checkName } from "./validate.js";

export function defineObjects(backend: ObjectBackend, options?: AdapterOptions): ObjectStore {
  const guard = guardOf(options);
  const { ownMeta } = backend;
  const archiveBytes = backend.archiveBytes?.bind(backend);
  return {
    async get(id, op) {
      checkName(id, "session id");
      const call = objectCall("objects.get", id, op);
      return guard.run(call, async () => objectIn(id, await backend.get(id, call)));
    },
    async put(id, meta, expected, op) {
      checkName(id, "session id");
      checkExpected(expected, { id });
      const record = encodeMeta(meta, { id });
      const call = objectCall("objects.put", id, op);
      return guard.run(call, async () => {
        const version = await backend.put(id, record, expected, call);
        return version ?? refuse(`Object "${id}"`, expected, id);
      });
    },
    async delete(id, expected, op) {
      checkName(id, "session id");
      checkVersion(expected, { id });
      const call = objectCall("objects.delete", id, op);
      await guard.run(call, async () => {
        if (!(await backend.delete(id, expected, call))) refuse(`Object "${id}"`, expected, id);
      });
    },
    async *list(query = {}, op) {
      const call = objectCall("objects.list", undefined, op);
      const listed = guard.stream(() => ({ call, items: () => backend.list(query, call) }));
      const get = async (id: string): Promise<StoredObject | undefined> => {
        const getCall = objectCall("objects.get", id, op);
        return guard.run(getCall, async () => objectIn(id, await backend.get(id, getCall)));
      };
      const read = (row: ListedObject): StoredObject | undefined =>
        unlessCorrupt(() => objectIn(idOf(row), row), guard.onSkipped);
      for await (const item of listed) {
        const object =
          typeof item === "string" ? await resolvedUnlessCorrupt(() => get(item), guard.onSkipped) : read(item);
        if (object && matchesQuery(object.id, object.meta, query)) yield object;
      }
    },
    ...(archiveBytes && {
      archiveBytes: async (op) => {
        const call = objectCall("objects.archiveBytes", undefined, op);
        return guard.run(call, () => archiveBytes(call));
      },
    }),
    ...(ownMeta && { ownMeta: defineOwnMeta(ownMeta, guard) }),
  };
}

function defineOwnMeta(backend: OwnMetaBackend, guard: Guard): OwnMeta {
  return {
    async get(op) {
      const call = objectCall("ownMeta.get", undefined, op);
      return guard.run(call, async () => {
        const stored = await backend.get(call);
        return stored && decodeMeta(stored, `the store itself, ${backend.place},`, {});
      });
    },
    async put(meta, expected, op) {
      checkExpected(expected, {});
      const record = encodeMeta(meta, {});
      const call = objectCall("ownMeta.put", undefined, op);
      return guard.run(call, async () => {
        const version = await backend.put(record, expected, call);
        return version ?? refuse("The store's own metadata", expected);
      });
    },
  };
}

function idOf({ id }: ListedObject): string {
  if (typeof id === "string") return id;
  throw new ArchiverError("CORRUPT", "The store holds an object whose id is not text.");
}

function objectIn(id: string, stored: StoredMeta | undefined): StoredObject | undefined {
  return stored && { id, ...decodeMeta(stored, `"${id}"`, { id }) };
}

function refuse(what: string, expected: Version | null, id?: string): never {
  const state = expected === null ? "absent" : `at version ${expected}`;
  throw new ArchiverError("CONFLICT", `${what} is not ${state}; read it again.`, { id });
}
