/** Blobs: a head row says which content a blob has. */
import {
  type BlobBackend,
  type BlobKey,
  requireAbsent,
  requireExactly,
  requireReadable,
} from "@session-archiver/core/adapter";
import { appendBytes, ROW_BYTES } from "./content.js";
import type { Database } from "./database.js";
import type { Orphans } from "./orphans.js";
import { pages } from "./pages.js";
import { readContent, type Source } from "./read-content.js";
import type { Reserve } from "./reserve.js";
import type { BlobRow, Tx } from "./schema.js";
import { streamWriter } from "./stream-writer.js";

const PAGE = 200;

export function indexedDbBlobs(db: Database, orphans: Orphans, reserve: Reserve | undefined): BlobBackend {
  const writeStream = streamWriter(db, orphans);
  return {
    rowBytes: ROW_BYTES,
    refusesEarly: true,
    stat: (key, call) => db.read(["blobs"], (tx) => find(tx, key), call),
    async *list(id, call) {
      const fetch = (last: BlobRow | undefined): Promise<readonly BlobRow[]> =>
        db.read(["blobs"], (tx) => tx.objectStore("blobs").getAll(namesOf(id, last?.name), PAGE), call);
      for await (const page of pages(PAGE, fetch)) yield* page;
    },
    read(at, range, call) {
      const source: Source<BlobRow> = {
        store: "blobs",
        find: (tx) => find(tx, at.key),
        require: (row) => requireReadable(row, at),
      };
      return readContent(db, source, range, call);
    },
    create: (key, generation, body, call) =>
      writeStream(body, call, {
        store: "blobs",
        admit: async (size) => reserve?.ensure(size, size, call),
        refuse: async (tx) => requireAbsent(await find(tx, key), key),
        async name(tx, head) {
          await tx.objectStore("blobs").put({ ...key, generation, ...head });
          return head.size;
        },
      }),
    async append(at, chunk, call) {
      // A copy, since the caller may change its own later, and with a buffer of its own.
      const bytes = new Uint8Array(chunk);
      const work = async (tx: Tx): Promise<void> => {
        const row = requireExactly(await find(tx, at.key), at);
        if (bytes.length === 0) return;
        await tx.objectStore("blobs").put({ ...row, ...(await appendBytes(tx, row, bytes)) });
      };
      await reserve?.ensure(at.size + bytes.length, bytes.length, call);
      return db.write(["blobs", "chunks"], work, { ...call, bytes: bytes.length });
    },
    delete(at, call) {
      const unname = async (tx: Tx): Promise<number> => {
        const { id, name, stream } = requireExactly(await find(tx, at.key), at);
        await tx.objectStore("blobs").delete([id, name]);
        return stream;
      };
      return orphans.remove("blobs", unname, call);
    },
  };
}

function find(tx: Tx, { id, name }: BlobKey): Promise<BlobRow | undefined> {
  return tx.objectStore("blobs").get([id, name]);
}

/** The keys of a session's blobs, or of those behind one: an array sorts behind every string. */
function namesOf(id: string, after: string | undefined): IDBKeyRange {
  return IDBKeyRange.bound(after === undefined ? [id] : [id, after], [id, []], true);
}
