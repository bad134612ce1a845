/** The code that blobs and archives share: writing, reading and deleting their bytes. */
import type { Bytes, Range } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import { type Chunks, chunksIn } from "./chunks.js";
import type { Database } from "./database.js";
import { type PendingStreams, pendingStreams } from "./pending-streams.js";
import { type StreamWriter, streamWriter } from "./stream-writer.js";
import type { Tables } from "./tables.js";

/** The place of bytes in the tables. */
export interface Content {
  readonly contentId: number;
  readonly size: number;
}

export interface Contents {
  readonly chunks: Chunks;
  readonly pending: PendingStreams;
  readonly write: StreamWriter;
  /**
   * The bytes of a range, as far as they exist, page by page. `find` gives the content, or throws. `gone` makes the error for
   * the case that another content was stored under the same name since the read began.
   */
  read(range: Range, find: () => Content, gone: () => Error, call: Call): Bytes;
}

export function contentsIn(db: Database, tables: Tables): Contents {
  const chunks = chunksIn(db, tables);
  const pending = pendingStreams(db, tables, chunks);
  return {
    chunks,
    pending,
    write: streamWriter(db, chunks, pending),
    async *read({ start, end }, find, gone, call) {
      let first: number | undefined;
      let [from, to] = [start, end];
      do {
        const page = await db.read(() => {
          const { contentId, size } = find();
          if (contentId !== (first ?? contentId)) throw gone();
          const until = Math.min(to, size);
          return { contentId, until, rows: chunks.page(contentId, Math.min(from, until), until) };
        }, call);
        first = page.contentId;
        to = page.until;
        for (const bytes of page.rows) {
          db.mayRun(call);
          from += bytes.length;
          yield bytes;
        }
      } while (from < to);
    },
  };
}
