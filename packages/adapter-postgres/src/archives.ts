/** Archives: a row under the hash of the key names the stream that is the archive. */
import {
  type ArchiveBackend,
  type ArchiveHead,
  archiveExists,
  archiveGone,
  encodeKey,
  type KeyRange,
  keyPages,
  prefixRange,
  requireArchive,
  unlessCorrupt,
} from "@session-archiver/core/adapter";
import { ROW_BYTES } from "./chunks.js";
import { readContent } from "./contents.js";
import type { Database } from "./database.js";
import { deleteNamed } from "./delete-named.js";
import { beginningOf } from "./keys.js";
import type { LooseStreams } from "./loose-streams.js";
import type { OnSkipped } from "./options.js";
import { Parameters } from "./parameters.js";
import type { Row } from "./queryable.js";
import { bytesIn, countOf, nameIn, numberOf } from "./rows.js";
import { type Heads, writeStream } from "./stream-writer.js";
import type { Tables } from "./tables.js";

const LIST_PAGE = 1000;

export function postgresArchives(
  db: Database,
  tables: Tables,
  streams: LooseStreams,
  onSkipped: OnSkipped,
): ArchiveBackend {
  const { archives, archiveChunks, loose } = tables;
  const columns = "size, created_at";
  const heads: Heads = { table: archives, chunks: archiveChunks, columns, isArchive: true };
  const isKey = (p: Parameters, key: string): string => `k = sha256(${p.bytes(encodeKey(key))})`;

  return {
    rowBytes: ROW_BYTES,
    refusesEarly: true,
    async put(key, body, call) {
      const values = (p: Parameters, size: number) => ({
        key: p.bytes(encodeKey(key)),
        size: p.count(size),
        // Whole milliseconds of the server's clock, when the body is there.
        created_at: "floor(extract(epoch FROM clock_timestamp()) * 1000)",
      });
      const naming = { key: encodeKey(key), columns: values, exists: () => archiveExists(key) };
      return headOf((await writeStream(db, tables, streams, heads, naming, body, call)).row);
    },
    async stat(key, call) {
      const p = new Parameters();
      const [row] = await db.query(`SELECT ${columns} FROM ${archives} WHERE ${isKey(p, key)}`, p, call);
      return row && headOf(row);
    },
    read(key, range, call) {
      const sizeOf = (row: Row | undefined) => requireArchive(row && headOf(row), key).size;
      return readContent(db, heads, { key: encodeKey(key), sizeOf, gone: () => archiveGone(key) }, range, call);
    },
    async delete(key, call) {
      const named = { heads: archives, chunks: archiveChunks, loose, isArchive: true };
      const isIt = (p: Parameters): string => isKey(p, key);
      await deleteNamed(db, streams, { ...named, isIt }, call);
    },
    async *list(prefix, call) {
      const read = ({ from, to }: KeyRange) => {
        const p = new Parameters();
        const [first, last] = [p.bytes(from), p.bytes(to)];
        const text = `SELECT key, ${columns} FROM ${archives}
          WHERE ${beginningOf("key")} BETWEEN ${beginningOf(first)} AND ${beginningOf(last)} AND key >= ${first} AND key < ${last}
          ORDER BY ${beginningOf("key")}, key LIMIT ${LIST_PAGE}`;
        return db.query(text, p, call);
      };
      for await (const page of keyPages(prefixRange(prefix), LIST_PAGE, (row) => bytesIn(row, "key"), read)) {
        for (const row of page) {
          const info = unlessCorrupt(() => ({ key: nameIn(row, "key"), ...headOf(row) }), onSkipped);
          if (info) yield info;
        }
      }
    },
  };
}

function headOf(row: Row): ArchiveHead {
  return { size: countOf(row, "size"), createdAt: numberOf(row, "created_at") };
}
