/** The object store: one row an object, its metadata as JSON. */
import {
  ArchiverError,
  checkName,
  matchesQuery,
  type ObjectStore,
  type OpOptions,
  type StoredObject,
  sweepIndex,
  throwIfAborted,
} from "@session-archiver/core/adapter";
import type { Call, Database } from "./database.js";
import { unlessCorrupt } from "./failure.js";
import { listIds } from "./object-ids.js";
import type { OnSkipped } from "./options.js";
import { indexedDbOwnMeta } from "./own-meta.js";
import { randomToken } from "./random.js";
import type { ObjectRow, Tx } from "./schema.js";
import { checkVersion, metaIn, toJson } from "./stored-meta.js";

/** Objects of a listing fetched in one transaction. */
const PAGE = 50;

export function indexedDbObjects(db: Database, onSkipped: OnSkipped): ObjectStore {
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
    db.read(["objects"], (tx) => Promise.all(ids.map(async (id) => tx.objectStore("objects").get(id))), call);
  const find = async (id: string, call: Call): Promise<StoredObject | undefined> => {
    const [row] = await fetch([id], call);
    return objectIn(row, id);
  };
  /** What there is of these; a damaged one is told and left out. */
  const findAll = async (ids: readonly string[], call: Call): Promise<readonly StoredObject[]> => {
    const rows = await unlessCorrupt(
      () => fetch(ids, call),
      () => {},
    );
    const found: StoredObject[] = [];
    for (const [n, id] of ids.entries()) {
      // Where the browser can't read them together, each tells for itself whether it is the damaged one.
      const read = async () => (rows ? objectIn(rows[n], id) : find(id, { ...call, id }));
      const object = await unlessCorrupt(read, onSkipped);
      if (object) found.push(object);
    }
    return found;
  };

  return {
    async get(id, op) {
      checkName(id, "session id");
      return find(id, callFor(id, op));
    },
    async put(id, meta, expected, op) {
      checkName(id, "session id");
      if (expected !== null) checkVersion(expected, { id });
      const json = toJson(meta, { id });
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
      checkVersion(expected, { id });
      await change(id, expected, callFor(id, op), (tx) => tx.objectStore("objects").delete(id));
    },
    async *list(query = {}, op) {
      const call: Call = { signal: op?.signal };
      for await (const ids of groupsOf(listIds(db, query, call), PAGE)) {
        for (const object of await findAll(ids, call)) {
          throwIfAborted(call.signal);
          if (matchesQuery(object.id, object.meta, query)) yield object;
        }
      }
    },
    ownMeta: indexedDbOwnMeta(db),
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

function objectIn(row: ObjectRow | undefined, id: string): StoredObject | undefined {
  if (typeof id !== "string") throw new ArchiverError("CORRUPT", "The database holds an id that is no text.");
  return row && { id, ...metaIn(row, `"${id}"`, { id }) };
}
