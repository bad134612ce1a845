/** Objects: a row each, with their metadata as JSON. */
import { type ObjectBackend, resolvedUnlessCorrupt } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { idPages } from "./object-ids.js";
import { indexedDbOwnMeta } from "./own-meta.js";
import type { ObjectRow } from "./schema.js";
import { swapRow } from "./swap.js";

/** Objects of a listing that are read in one transaction. */
const AT_ONCE = 50;

/** `spending` may use space that is kept for archiving. */
export function indexedDbObjects(db: Database, spending: Database): ObjectBackend {
  const readAll = (ids: readonly string[], call: Call): Promise<readonly (ObjectRow | undefined)[]> =>
    db.read(["objects"], (tx) => Promise.all(ids.map(async (id) => tx.objectStore("objects").get(id))), call);
  return {
    get: (id, call) => db.read(["objects"], async (tx) => tx.objectStore("objects").get(id), call),
    async put(id, { version, json, index }, expected, call) {
      const lastActivity = index.lastActivityMs ?? Number.POSITIVE_INFINITY;
      const row: ObjectRow = { id, version, archived: index.archived ? 1 : 0, lastActivity, json };
      const write = { ...call, bytes: json.length };
      const writing = expected === null ? db : spending;
      const put = await swapRow(writing, ["objects", id], expected, write, (tx) => tx.objectStore("objects").put(row));
      return put ? version : undefined;
    },
    delete: (id, expected, call) =>
      swapRow(db, ["objects", id], expected, call, (tx) => tx.objectStore("objects").delete(id)),
    async *list(query, call) {
      for await (const page of idPages(db, query, call)) {
        for (let at = 0; at < page.length; at += AT_ONCE) {
          const ids = page.slice(at, at + AT_ONCE);
          const read = (): Promise<readonly (ObjectRow | undefined)[]> => readAll(ids, call);
          // Where the browser can't read one of them, each is left to be read by itself.
          const rows = (await resolvedUnlessCorrupt(read, () => {})) ?? ids;
          for (const row of rows) if (row !== undefined) yield row;
        }
      }
    },
    ownMeta: indexedDbOwnMeta(spending),
  };
}
