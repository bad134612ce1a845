/** Archives: a head row says which content a key stands for. */
import { type ArchiveBackend, requireArchive, requireUnused } from "@session-archiver/core/adapter";
import { ROW_BYTES } from "./content.js";
import type { Database } from "./database.js";
import type { Orphans } from "./orphans.js";
import { pages } from "./pages.js";
import { prefixRange } from "./ranges.js";
import { readContent, type Source } from "./read-content.js";
import type { Reserve } from "./reserve.js";
import type { ArchiveRow, Tx } from "./schema.js";
import { type StreamWriter, streamWriter } from "./stream-writer.js";

const PAGE = 200;

export function indexedDbArchives(db: Database, orphans: Orphans, reserve: Reserve | undefined): ArchiveBackend {
  const writeStream: StreamWriter = (body, call, target) => {
    const write = (writing: Database) => streamWriter(writing, orphans)(body, call, target);
    return reserve ? reserve.archiving(call, write) : write(db);
  };
  return {
    rowBytes: ROW_BYTES,
    refusesEarly: true,
    put: (key, body, call) =>
      writeStream(body, call, {
        store: "archives",
        refuse: async (tx) => requireUnused(await find(tx, key), key),
        async name(tx, head) {
          const row: ArchiveRow = { key, createdAt: Date.now(), ...head };
          await tx.objectStore("archives").put(row);
          return row;
        },
      }),
    stat: (key, call) => db.read(["archives"], (tx) => find(tx, key), call),
    read(key, range, call) {
      const source: Source<ArchiveRow> = {
        store: "archives",
        find: (tx) => find(tx, key),
        require: (row) => requireArchive(row, key),
      };
      return readContent(db, source, range, call);
    },
    delete(key, call) {
      const unname = async (tx: Tx): Promise<number | undefined> => {
        const row = await find(tx, key);
        await tx.objectStore("archives").delete(key);
        return row?.stream;
      };
      return orphans.remove("archives", unname, call);
    },
    async *list(prefix, call) {
      const fetch = (last: ArchiveRow | undefined): Promise<readonly ArchiveRow[]> =>
        db.read(["archives"], (tx) => tx.objectStore("archives").getAll(prefixRange(prefix, last?.key), PAGE), call);
      for await (const page of pages(PAGE, fetch)) {
        for (const { key, size, createdAt } of page) yield { key, size, createdAt };
      }
    },
  };
}

function find(tx: Tx, key: string): Promise<ArchiveRow | undefined> {
  return tx.objectStore("archives").get(key);
}
