/** Archives: a row under the key names the content that is the archive. */
import {
  type ArchiveBackend,
  type ArchiveHead,
  archiveGone,
  decodeKey,
  encodeKey,
  type KeyRange,
  keyPages,
  prefixRange,
  requireArchive,
  requireUnused,
  unlessCorrupt,
} from "@session-archiver/core/adapter";
import { ROW_BYTES } from "./chunks.js";
import type { Content, Contents } from "./contents.js";
import type { Database } from "./database.js";
import { blobOf, countOf, numberOf, type Row } from "./driver.js";
import type { OnSkipped } from "./options.js";
import type { Tables } from "./tables.js";

const LIST_PAGE = 200;

type Head = ArchiveHead & Content;

export function sqliteArchives(
  db: Database,
  { archives }: Tables,
  contents: Contents,
  onSkipped: OnSkipped,
): ArchiveBackend {
  const columns = "key, size, created_at, stream";
  const selectOne = `SELECT ${columns} FROM ${archives} WHERE key = ?`;
  const selectPage = `SELECT ${columns} FROM ${archives} WHERE key >= ? AND key < ? ORDER BY key LIMIT ${LIST_PAGE}`;
  const insertHead = `INSERT INTO ${archives} (key, size, created_at, stream) VALUES (?, ?, ?, ?)`;
  const deleteHead = `DELETE FROM ${archives} WHERE key = ?`;

  const find = (key: string): Head | undefined => {
    const row = db.sql(selectOne).get(encodeKey(key));
    return row && headOf(row);
  };

  return {
    rowBytes: ROW_BYTES,
    put: (key, body, call) =>
      contents.write(body, call, (contentId, size) => {
        requireUnused(find(key), key);
        const createdAt = Date.now();
        db.sql(insertHead).run(encodeKey(key), size, createdAt, contentId);
        return { size, createdAt };
      }),
    stat: (key, call) => db.read(() => find(key), call),
    read(key, range, call) {
      const now = () => requireArchive(find(key), key);
      return contents.read(range, now, () => archiveGone(key), call);
    },
    delete(key, call) {
      const unname = (): number | undefined => {
        const head = find(key);
        if (head) db.sql(deleteHead).run(encodeKey(key));
        return head?.contentId;
      };
      return contents.pending.remove(unname, call);
    },
    async *list(prefix, call) {
      const read = ({ from, to }: KeyRange) => db.read(() => db.sql(selectPage).all(from, to), call);
      for await (const page of keyPages(prefixRange(prefix), LIST_PAGE, (row) => blobOf(row, "key"), read)) {
        for (const row of page) {
          const info = unlessCorrupt(() => ({ key: decodeKey(blobOf(row, "key")), ...headOf(row) }), onSkipped);
          if (info) yield info;
        }
      }
    },
  };
}

function headOf(row: Row): Head {
  return { size: countOf(row, "size"), createdAt: numberOf(row, "created_at"), contentId: numberOf(row, "stream") };
}
