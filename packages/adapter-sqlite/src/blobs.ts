/** Blobs: a row under id and name says which bytes of which content form the blob. */
import {
  type BlobBackend,
  type BlobHead,
  type BlobKey,
  type BlobRef,
  blobGone,
  concat,
  decodeKey,
  encodeKey,
  type KeyRange,
  keyPages,
  prefixRange,
  requireAbsent,
  requireExactly,
  requireReadable,
} from "@session-archiver/core/adapter";
import { ROW_BYTES } from "./chunks.js";
import type { Content, Contents } from "./contents.js";
import type { Database } from "./database.js";
import { blobOf, countOf, numberOf, type Row } from "./driver.js";
import type { Tables } from "./tables.js";

/**
 * Appended bytes wait in small rows until there are this many bytes or rows; then they are folded into large rows, in 0.3 to 3
 * ms.
 */
const FOLD_BYTES = 64 * 1024;
const FOLD_ROWS = 1024;
const LIST_PAGE = 200;

interface Head extends BlobHead, Content {
  readonly name: string;
  /** Up to this offset the content is in large rows, after it in small ones. */
  readonly sealed: number;
}

export function sqliteBlobs(db: Database, { blobs }: Tables, contents: Contents): BlobBackend {
  const { chunks, pending } = contents;
  const columns = "name, generation, size, stream, sealed";
  const selectOne = `SELECT ${columns} FROM ${blobs} WHERE id = ? AND name = ?`;
  const selectPage = `SELECT ${columns} FROM ${blobs} WHERE id = ? AND name >= ? ORDER BY name LIMIT ${LIST_PAGE}`;
  const insertHead = `INSERT INTO ${blobs} (id, name, generation, size, stream, sealed, tail_rows)
    VALUES (?, ?, ?, ?, ?, ?, 0)`;
  const foldHead = `UPDATE ${blobs} SET size = ?, sealed = ?, tail_rows = 0 WHERE id = ? AND name = ?`;
  /** How an append changes the head, if the blob is unchanged and needs no folding yet. */
  const growHead = `UPDATE ${blobs} SET size = ?, tail_rows = tail_rows + 1
    WHERE id = ? AND name = ? AND generation = ? AND size = ?
      AND ? - sealed < ${FOLD_BYTES} AND tail_rows + 1 < ${FOLD_ROWS}
    RETURNING stream`;
  const deleteHead = `DELETE FROM ${blobs} WHERE id = ? AND name = ?`;

  const find = ({ id, name }: BlobKey): Head | undefined => {
    const row = db.sql(selectOne).get(encodeKey(id), encodeKey(name));
    return row && headOf(row);
  };
  const fold = (at: BlobRef, chunk: Uint8Array, size: number): void => {
    const { contentId, sealed } = requireExactly(find(at.key), at);
    chunks.insert(contentId, sealed, concat([...chunks.take(contentId, sealed, at.size), chunk]));
    db.sql(foldHead).run(size, size, encodeKey(at.key.id), encodeKey(at.key.name));
  };

  return {
    rowBytes: ROW_BYTES,
    stat: (key, call) => db.read(() => find(key), call),
    async *list(id, call) {
      const read = ({ from }: KeyRange) => db.read(() => db.sql(selectPage).all(encodeKey(id), from), call);
      const pages = keyPages(prefixRange(""), LIST_PAGE, (row) => blobOf(row, "name"), read);
      for await (const page of pages) yield* page.map(headOf);
    },
    read(at, range, call) {
      const now = () => requireReadable(find(at.key), at);
      return contents.read(range, now, () => blobGone(at), call);
    },
    create: (key, generation, body, call) =>
      contents.write(body, call, (contentId, size) => {
        requireAbsent(find(key), key);
        const names = [encodeKey(key.id), encodeKey(key.name), encodeKey(generation)] as const;
        db.sql(insertHead).run(...names, size, contentId, size);
        return size;
      }),
    append(at, chunk, call) {
      const { id, name } = at.key;
      const size = at.size + chunk.length;
      return db.writeSoon(() => {
        const grown = db
          .sql(growHead)
          .get(size, encodeKey(id), encodeKey(name), encodeKey(at.generation), at.size, size);
        if (grown) chunks.insert(numberOf(grown, "stream"), at.size, chunk);
        else fold(at, chunk, size);
      }, call);
    },
    delete(at, call) {
      const unname = (): number => {
        const { contentId } = requireExactly(find(at.key), at);
        db.sql(deleteHead).run(encodeKey(at.key.id), encodeKey(at.key.name));
        return contentId;
      };
      return pending.remove(unname, call);
    },
  };
}

function headOf(row: Row): Head {
  return {
    name: decodeKey(blobOf(row, "name")),
    generation: decodeKey(blobOf(row, "generation")),
    size: countOf(row, "size"),
    contentId: numberOf(row, "stream"),
    sealed: countOf(row, "sealed"),
  };
}
