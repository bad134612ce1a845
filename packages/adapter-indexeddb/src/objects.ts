/** The object store: one row an object, its metadata as JSON. */
import {
  ArchiverError,
  checkName,
  type Meta,
  matchesQuery,
  type ObjectStore,
  type OpOptions,
  type StoredObject,
  sweepIndex,
  throwIfAborted,
} from "@session-archiver/core";
import type { Call, Database } from "./database.js";
import { listIds } from "./object-ids.js";
import { randomToken } from "./random.js";
import type { ObjectRow, Tx } from "./schema.js";

/** Objects of a listing fetched in one transaction. */
const PAGE = 50;

export function indexedDbObjects(db: Database): ObjectStore {
  /** The compare and the swap. */
  const change = (id: string, expected: string | null, call: Call, swap: (tx: Tx) => Promise<unknown>): Promise<void> =>
    db.write(
      ["objects"],
      async (tx) => {
        const row = await tx.objectStore("objects").get(id);
        if ((row?.version ?? null) !== expected) {
          const what = expected === null ? "absent" : `at version ${expected}`;
          throw new ArchiverError("CONFLICT", `Object "${id}" is not ${what}; read it again.`, { id });
        }
        await swap(tx);
      },
      call,
    );
  const fetch = (ids: readonly string[], call: Call): Promise<readonly (ObjectRow | undefined)[]> =>
    db.read(["objects"], (tx) => Promise.all(ids.map((id) => tx.objectStore("objects").get(id))), call);

  return {
    async get(id, op) {
      checkName(id, "session id");
      const [row] = await fetch([id], callFor(id, op));
      return row && objectOf(row);
    },
    async put(id, meta, expected, op) {
      checkName(id, "session id");
      if (expected !== null) checkVersion(id, expected);
      const json = toJson(id, meta);
      const { archived, lastActivityMs } = sweepIndex(meta);
      // Random, not counted: a counter would begin again with a database that was deleted.
      const version = randomToken();
      const lastActivity = lastActivityMs ?? Number.POSITIVE_INFINITY;
      const row: ObjectRow = { id, version, archived: archived ? 1 : 0, lastActivity, json };
      const call = { ...callFor(id, op), bytes: json.length };
      await change(id, expected, call, (tx) => tx.objectStore("objects").put(row));
      return version;
    },
    async delete(id, expected, op) {
      checkName(id, "session id");
      checkVersion(id, expected);
      await change(id, expected, callFor(id, op), (tx) => tx.objectStore("objects").delete(id));
    },
    async *list(query = {}, op) {
      const call: Call = { signal: op?.signal };
      for await (const ids of groupsOf(listIds(db, query, call), PAGE)) {
        for (const row of await fetch(ids, call)) {
          throwIfAborted(call.signal);
          const object = row && objectOf(row);
          if (object && matchesQuery(object.id, object.meta, query)) yield object;
        }
      }
    },
  };
}

async function* groupsOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function callFor(id: string, op: OpOptions | undefined): Call {
  return { id, signal: op?.signal };
}

function checkVersion(id: string, version: unknown): void {
  if (typeof version === "string") return;
  throw new ArchiverError("INVALID_ARGUMENT", `The expected version must be a string, is ${version}.`, { id });
}

function toJson(id: string, meta: Meta): string {
  let cause: unknown;
  try {
    if (typeof meta === "object" && meta !== null && !Array.isArray(meta)) return JSON.stringify(meta);
  } catch (error) {
    cause = error;
  }
  throw new ArchiverError("INVALID_ARGUMENT", "The metadata must be an object that JSON can hold.", { id, cause });
}

function objectOf({ id, version, json }: ObjectRow): StoredObject {
  try {
    return { id, version, meta: JSON.parse(json) as Meta };
  } catch (cause) {
    throw new ArchiverError("CORRUPT", `The metadata of "${id}" is damaged. Restore a backup.`, { id, cause });
  }
}
