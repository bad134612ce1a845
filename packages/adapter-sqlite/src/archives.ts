/** The archive sink: immutable streams under string keys. */
import {
  type ArchiveInfo,
  ArchiverError,
  type ArchiveSink,
  checkName,
  type OpOptions,
  resolveRange,
  throwIfAborted,
} from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Chunks } from "./chunks.js";
import type { Database } from "./database.js";
import { blobOf, countOf, numberOf, type Row } from "./driver.js";
import { unlessCorrupt } from "./failure.js";
import type { Loose } from "./loose.js";
import type { OnSkipped } from "./options.js";
import type { StreamWriter } from "./staging.js";
import type { Tables } from "./tables.js";
import { after, decode, encode, prefixRange } from "./text.js";

const LIST_PAGE = 200;

interface Head {
  readonly info: ArchiveInfo;
  readonly stream: number;
}

export function sqliteArchives(
  db: Database,
  tables: Tables,
  chunks: Chunks,
  loose: Loose,
  writeStream: StreamWriter,
  onSkipped: OnSkipped,
): ArchiveSink {
  const { archives } = tables;
  const columns = "key, size, created_at, stream";
  const selectOne = `SELECT ${columns} FROM ${archives} WHERE key = ?`;
  const selectPage = `SELECT ${columns} FROM ${archives} WHERE key >= ? AND key < ? ORDER BY key LIMIT ${LIST_PAGE}`;
  const insertHead = `INSERT INTO ${archives} (key, size, created_at, stream) VALUES (?, ?, ?, ?)`;
  const deleteHead = `DELETE FROM ${archives} WHERE key = ?`;

  const headOf = (row: Row): Head => ({
    info: { key: decode(blobOf(row, "key")), size: countOf(row, "size"), createdAt: numberOf(row, "created_at") },
    stream: numberOf(row, "stream"),
  });
  const find = (key: string): Head | undefined => {
    const row = db.sql(selectOne).get(encode(key));
    return row && headOf(row);
  };
  const mustBeAbsent = (key: string): void => {
    if (find(key)) throw new ArchiverError("CONFLICT", `Archive "${key}" exists already; use another key.`, { key });
  };

  return {
    async put(key, body, op) {
      checkName(key, "archive key");
      const call = callFor(key, op);
      await db.read(() => mustBeAbsent(key), call);
      return writeStream(body, call, (stream, size) => {
        mustBeAbsent(key);
        const createdAt = Date.now();
        db.sql(insertHead).run(encode(key), size, createdAt, stream);
        return { key, size, createdAt };
      });
    },
    async stat(key, op) {
      checkName(key, "archive key");
      return (await db.read(() => find(key), callFor(key, op)))?.info;
    },
    async *read(key, range, op) {
      checkName(key, "archive key");
      resolveRange(range, Number.MAX_SAFE_INTEGER);
      const call = callFor(key, op);
      /** The archive as it was found first: one put later under the same key is another. */
      let first: Head | undefined;
      let from = 0;
      let end = 0;
      do {
        const page = await db.read(() => {
          const head = find(key);
          if (!head || head.stream !== (first ?? head).stream) {
            throw new ArchiverError("NOT_FOUND", `There is no archive "${key}".`, { key });
          }
          const wanted = first ? { start: from, end } : resolveRange(range, head.info.size);
          return { head, ...wanted, bytes: chunks.page(head.stream, wanted.start, wanted.end) };
        }, call);
        first = page.head;
        from = page.start + page.bytes.length;
        end = page.end;
        if (page.bytes.length > 0) yield page.bytes;
      } while (from < end);
    },
    async delete(key, op) {
      checkName(key, "archive key");
      const rest = await db.write(
        () => {
          const head = find(key);
          if (!head) return undefined;
          db.sql(deleteHead).run(encode(key));
          return loose.retire(head.stream) ? undefined : head.stream;
        },
        callFor(key, op),
      );
      if (rest !== undefined) await loose.discard(rest);
    },
    async *list(prefix = "", op) {
      let range = prefixRange(prefix);
      for (;;) {
        const page = await db.read(() => [...db.sql(selectPage).iterate(range.from, range.to)], { signal: op?.signal });
        for (const row of page) {
          throwIfAborted(op?.signal);
          const info = unlessCorrupt(() => headOf(row).info, onSkipped);
          if (info?.key.startsWith(prefix)) yield info;
        }
        const last = page[LIST_PAGE - 1];
        if (!last) return;
        range = after(range, blobOf(last, "key"));
      }
    },
  };
}

function callFor(key: string, op: OpOptions | undefined): Call {
  return { key, signal: op?.signal };
}
