/** The archive sink: immutable streams under string keys. */
import {
  type ArchiveInfo,
  ArchiverError,
  type ArchiveSink,
  checkName,
  type OpOptions,
} from "@session-archiver/core/adapter";
import type { Call, Database } from "./database.js";
import type { Loose } from "./loose.js";
import { readPages } from "./pages.js";
import { paged, prefixRange } from "./ranges.js";
import type { ArchiveRow, Tx } from "./schema.js";
import type { StreamWriter } from "./staging.js";

const LIST_PAGE = 200;

export function indexedDbArchives(db: Database, loose: Loose, writeStream: StreamWriter): ArchiveSink {
  return {
    async put(key, body, op) {
      checkName(key, "archive key");
      const call = callFor(key, op);
      const refuse = (tx: Tx): Promise<void> => mustBeAbsent(tx, key);
      return writeStream(body, call, "archives", refuse, async (tx, head) => {
        const row: ArchiveRow = { key, createdAt: Date.now(), ...head };
        await tx.objectStore("archives").put(row);
        return infoOf(row);
      });
    },
    async stat(key, op) {
      checkName(key, "archive key");
      const row = await db.read(["archives"], (tx) => find(tx, key), callFor(key, op));
      return row && infoOf(row);
    },
    async *read(key, range, op) {
      checkName(key, "archive key");
      const find: Parameters<typeof readPages>[2] = (tx, stream) => readable(tx, key, stream);
      yield* readPages(db, "archives", find, range, Number.MAX_SAFE_INTEGER, callFor(key, op));
    },
    async delete(key, op) {
      checkName(key, "archive key");
      const unname = async (tx: Tx): Promise<number | undefined> => {
        const row = await find(tx, key);
        await tx.objectStore("archives").delete(key);
        return row?.stream;
      };
      await loose.remove("archives", unname, callFor(key, op));
    },
    async *list(prefix = "", op) {
      const call: Call = { signal: op?.signal };
      const page = (last: ArchiveRow | undefined): Promise<readonly ArchiveRow[]> =>
        db.read(
          ["archives"],
          (tx) => tx.objectStore("archives").getAll(prefixRange(prefix, last?.key), LIST_PAGE),
          call,
        );
      for await (const row of paged(page, LIST_PAGE, call)) yield infoOf(row);
    },
  };
}

function find(tx: Tx, key: string): Promise<ArchiveRow | undefined> {
  return tx.objectStore("archives").get(key);
}

async function mustBeAbsent(tx: Tx, key: string): Promise<void> {
  if (await find(tx, key)) {
    throw new ArchiverError("CONFLICT", `Archive "${key}" exists already; use another key.`, { key });
  }
}

/** `stream`: where the read began. An archive put later under the same key is another. */
async function readable(tx: Tx, key: string, stream?: number): Promise<ArchiveRow> {
  const row = await find(tx, key);
  if (row && row.stream === (stream ?? row.stream)) return row;
  throw new ArchiverError("NOT_FOUND", `There is no archive "${key}".`, { key });
}

function infoOf({ key, size, createdAt }: ArchiveRow): ArchiveInfo {
  return { key, size, createdAt };
}

function callFor(key: string, op: OpOptions | undefined): Call {
  return { key, signal: op?.signal };
}
