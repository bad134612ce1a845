/** Blobs: a row under the hash of id and name says which stream is the blob, and how much of it. */
import {
  type BlobBackend,
  type BlobHead,
  type BlobKey,
  blobExists,
  blobGone,
  encodeKey,
  requireExactly,
  requireReadable,
} from "@session-archiver/core/adapter";
import { type Appender, appender } from "./append.js";
import type { Call } from "./call.js";
import { ROW_BYTES } from "./chunks.js";
import { readContent } from "./contents.js";
import type { Database } from "./database.js";
import { deleteNamed } from "./delete-named.js";
import { blobKeyBytes, isExactly } from "./keys.js";
import type { LooseStreams } from "./loose-streams.js";
import { Parameters } from "./parameters.js";
import type { Row } from "./queryable.js";
import { bytesIn, countOf, nameIn } from "./rows.js";
import { type Heads, writeStream } from "./stream-writer.js";
import type { Tables } from "./tables.js";

const LIST_PAGE = 200;

type Head = BlobHead & { readonly name: string };

export function postgresBlobs(db: Database, tables: Tables, streams: LooseStreams): BlobBackend {
  const { blobs, blobChunks, loose } = tables;
  const columns = "name, generation, size";
  const heads: Heads = { table: blobs, chunks: blobChunks, columns, isArchive: false };

  const find = async (key: BlobKey, call: Call): Promise<Head | undefined> => {
    const p = new Parameters();
    const text = `SELECT ${columns} FROM ${blobs} WHERE k = sha256(${p.bytes(blobKeyBytes(key))})`;
    const [row] = await db.query(text, p, call);
    return row && headOf(row);
  };
  const appends: Appender = appender(db, tables, find);

  return {
    rowBytes: ROW_BYTES,
    refusesEarly: true,
    stat: find,
    async *list(id, call) {
      let after: Uint8Array = new Uint8Array();
      for (;;) {
        const p = new Parameters();
        const text = `SELECT k, ${columns} FROM ${blobs}
          WHERE session = sha256(${p.bytes(encodeKey(id))}) AND k > ${p.bytes(after)} ORDER BY k LIMIT ${LIST_PAGE}`;
        const rows = await db.query(text, p, call);
        yield* rows.map(headOf);
        const last = rows[LIST_PAGE - 1];
        if (!last) return;
        after = bytesIn(last, "k");
      }
    },
    read(at, range, call) {
      const sizeOf = (row: Row | undefined) => Math.min(requireReadable(row && headOf(row), at).size, at.size);
      return readContent(db, heads, { key: blobKeyBytes(at.key), sizeOf, gone: () => blobGone(at) }, range, call);
    },
    async create(key, generation, body, call) {
      const values = (p: Parameters, size: number) => ({
        session: `sha256(${p.bytes(encodeKey(key.id))})`,
        id: p.bytes(encodeKey(key.id)),
        name: p.bytes(encodeKey(key.name)),
        generation: p.bytes(encodeKey(generation)),
        size: p.count(size),
        sealed: p.count(size),
        tail_rows: "0",
      });
      const naming = { key: blobKeyBytes(key), columns: values, exists: () => blobExists(key) };
      return (await writeStream(db, tables, streams, heads, naming, body, call)).size;
    },
    append: appends,
    async delete(at, call) {
      const named = { heads: blobs, chunks: blobChunks, loose, isArchive: false };
      const isIt = (p: Parameters): string => isExactly(p, at);
      while (!(await deleteNamed(db, streams, { ...named, isIt }, call))) {
        requireExactly(await find(at.key, call), at);
      }
    },
  };
}

function headOf(row: Row): Head {
  return { name: nameIn(row, "name"), generation: nameIn(row, "generation"), size: countOf(row, "size") };
}
