/** The store's own metadata: the one row of an object store of its own. */
import { ArchiverError, type OwnMeta } from "@session-archiver/core/adapter";
import type { Database } from "./database.js";
import { randomToken } from "./random.js";
import { checkVersion, metaIn, toJson } from "./stored-meta.js";

const KEY = "own";

export function indexedDbOwnMeta(db: Database): OwnMeta {
  return {
    async get(op) {
      const row = await db.read(["own"], (tx) => tx.objectStore("own").get(KEY), { signal: op?.signal });
      return row && metaIn(row, `the store itself (object store "own", key "${KEY}")`, {});
    },
    async put(meta, expected, op) {
      if (expected !== null) checkVersion(expected, {});
      const json = toJson(meta, {});
      const version = randomToken();
      await db.write(
        ["own"],
        async (tx) => {
          const row = await tx.objectStore("own").get(KEY);
          if ((row?.version ?? null) !== expected) {
            const what = expected === null ? "absent" : `at version ${expected}`;
            throw new ArchiverError("CONFLICT", `The store's own metadata is not ${what}; read it again.`);
          }
          await tx.objectStore("own").put({ version, json }, KEY);
        },
        { signal: op?.signal, bytes: json.length },
      );
      return version;
    },
  };
}
