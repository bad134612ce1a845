/** The store's own metadata: the one row of an object store of its own. */
import type { OwnMetaBackend } from "@session-archiver/core/adapter";
import type { Database } from "./database.js";
import type { MetaRow } from "./schema.js";
import { swapRow } from "./swap.js";

const KEY = "own";

export function indexedDbOwnMeta(db: Database): OwnMetaBackend {
  return {
    place: `in the object store "own" under the key "${KEY}"`,
    get: (call) => db.read(["own"], (tx) => tx.objectStore("own").get(KEY) as Promise<MetaRow | undefined>, call),
    async put({ version, json }, expected, call) {
      const write = { ...call, bytes: json.length };
      const put = await swapRow(db, ["own", KEY], expected, write, (tx) =>
        tx.objectStore("own").put({ version, json }, KEY),
      );
      return put ? version : undefined;
    },
  };
}
