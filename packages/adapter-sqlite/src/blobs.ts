/** The blob store: a head row says which bytes of which stream are the blob. */
import {
  ArchiverError,
  type BlobKey,
  type BlobRef,
  type BlobStore,
  checkBlobKey,
  checkBlobRef,
  checkName,
  concat,
  type OpOptions,
  resolveRange,
  throwIfAborted,
} from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Chunks } from "./chunks.js";
import type { Database } from "./database.js";
import { blobOf, countOf, numberOf, type Row } from "./driver.js";
import type { Loose } from "./loose.js";
import { checkBytes } from "./pieces.js";
import type { StreamWriter } from "./staging.js";
import type { Tables } from "./tables.js";
import { after, decode, encode, prefixRange } from "./text.js";

/** Appended bytes wait in small rows until there are so many bytes or rows; then they are folded, in 0.3 to 3 ms. */
const FOLD_BYTES = 64 * 1024;
const FOLD_ROWS = 1024;
const LIST_PAGE = 200;

interface Head {
  readonly ref: BlobRef;
  readonly stream: number;
  /** Up to here the stream is in large rows, and behind it in small ones. */
  readonly sealed: number;
}

export function sqliteBlobs(
  db: Database,
  tables: Tables,
  chunks: Chunks,
  loose: Loose,
  writeStream: StreamWriter,
): BlobStore {
  const { blobs } = tables;
  const columns = "name, generation, size, stream, sealed";
  const selectOne = `SELECT ${columns} FROM ${blobs} WHERE id = ? AND name = ?`;
  const selectPage = `SELECT ${columns} FROM ${blobs} WHERE id = ? AND name >= ? ORDER BY name LIMIT ${LIST_PAGE}`;
  const insertHead = `INSERT INTO ${blobs} (id, name, generation, size, stream, sealed, tail_rows)
    VALUES (?, ?, ?, ?, ?, ?, 0)`;
  const foldHead = `UPDATE ${blobs} SET size = ?, sealed = ?, tail_rows = 0 WHERE id = ? AND name = ?`;
  /** What an append does to the head, if the blob is what it was and needs no folding yet. */
  const growHead = `UPDATE ${blobs} SET size = ?, tail_rows = tail_rows + 1
    WHERE id = ? AND name = ? AND generation = ? AND size = ?
      AND ? - sealed < ${FOLD_BYTES} AND tail_rows + 1 < ${FOLD_ROWS}
    RETURNING stream`;
  const deleteHead = `DELETE FROM ${blobs} WHERE id = ? AND name = ?`;

  const headOf = (id: string, row: Row): Head => ({
    ref: {
      key: { id, name: decode(blobOf(row, "name")) },
      generation: decode(blobOf(row, "generation")),
      size: countOf(row, "size"),
    },
    stream: numberOf(row, "stream"),
    sealed: countOf(row, "sealed"),
  });
  const find = ({ id, name }: BlobKey): Head | undefined => {
    const row = db.sql(selectOne).get(encode(id), encode(name));
    return row && headOf(id, row);
  };
  const mustBeAbsent = (key: BlobKey): void => {
    if (find(key)) throw failure("CONFLICT", key, "exists already; delete it first");
  };
  const readable = (at: BlobRef): Head => {
    const head = find(at.key);
    if (head?.ref.generation !== at.generation) {
      throw failure("NOT_FOUND", at.key, `is not there in generation "${at.generation}"`);
    }
    if (head.ref.size < at.size) throw failure("CONFLICT", at.key, `has ${head.ref.size} bytes, not ${at.size}`);
    return head;
  };
  const exactly = (at: BlobRef): Head => {
    const head = find(at.key);
    if (!head) throw failure("NOT_FOUND", at.key, "is gone");
    if (head.ref.generation !== at.generation || head.ref.size !== at.size) {
      throw failure("CONFLICT", at.key, "has grown or was replaced; stat it again");
    }
    return head;
  };

  return {
    async stat(key, op) {
      checkBlobKey(key);
      return (await db.read(() => find(key), callFor(key, op)))?.ref;
    },
    async *list(id, op) {
      checkName(id, "session id");
      const call: Call = { id, signal: op?.signal };
      let range = prefixRange("");
      for (;;) {
        const page = await db.read(
          () => [...db.sql(selectPage).iterate(encode(id), range.from)].map((row) => headOf(id, row).ref),
          call,
        );
        for (const ref of page) {
          throwIfAborted(call.signal, call);
          yield ref;
        }
        const last = page[LIST_PAGE - 1];
        if (!last) return;
        range = after(range, encode(last.key.name));
      }
    },
    async *read(at, range, op) {
      checkBlobRef(at);
      const { start, end } = resolveRange(range, at.size);
      let from = start;
      do {
        const page = await db.read(() => chunks.page(readable(at).stream, from, end), callFor(at.key, op));
        from += page.length;
        if (page.length > 0) yield page;
      } while (from < end);
    },
    async create(key, generation, body, op) {
      checkBlobKey(key);
      checkName(generation, "generation");
      const { id, name } = key;
      const call = callFor(key, op);
      await db.read(() => mustBeAbsent(key), call);
      return writeStream(body, call, (stream, size) => {
        mustBeAbsent(key);
        db.sql(insertHead).run(encode(id), encode(name), encode(generation), size, stream, size);
        return { key: { id, name }, generation, size };
      });
    },
    async append(at, chunk, op) {
      checkBlobRef(at);
      checkBytes(chunk);
      const { id, name } = at.key;
      const size = at.size + chunk.length;
      return db.write(
        () => {
          const grown = db.sql(growHead).get(size, encode(id), encode(name), encode(at.generation), at.size, size);
          if (grown) chunks.insert(numberOf(grown, "stream"), at.size, chunk);
          else {
            const { stream, sealed } = exactly(at);
            chunks.insert(stream, sealed, concat([...chunks.take(stream, sealed, at.size), chunk]));
            db.sql(foldHead).run(size, size, encode(id), encode(name));
          }
          return { key: { id, name }, generation: at.generation, size };
        },
        callFor(at.key, op),
      );
    },
    async delete(at, op) {
      checkBlobRef(at);
      const rest = await db.write(
        () => {
          const { stream } = exactly(at);
          db.sql(deleteHead).run(encode(at.key.id), encode(at.key.name));
          return loose.retire(stream) ? undefined : stream;
        },
        callFor(at.key, op),
      );
      if (rest !== undefined) await loose.discard(rest);
    },
  };
}

function callFor(key: BlobKey, op: OpOptions | undefined): Call {
  return { id: key.id, key: key.name, signal: op?.signal };
}

function failure(code: "CONFLICT" | "NOT_FOUND", { id, name }: BlobKey, what: string): ArchiverError {
  return new ArchiverError(code, `Blob "${name}" of "${id}" ${what}.`, { id, key: name });
}
