/** The blob store: a head row says which bytes of which stream are the blob. */
import {
  ArchiverError,
  type BlobKey,
  type BlobRef,
  type BlobStore,
  checkBlobKey,
  checkBlobRef,
  checkName,
  type OpOptions,
} from "@session-archiver/core/adapter";
import { appendBytes } from "./chunks.js";
import type { Call, Database } from "./database.js";
import type { Loose } from "./loose.js";
import { readPages } from "./pages.js";
import { checkBytes } from "./pieces.js";
import { paged } from "./ranges.js";
import type { BlobRow, Tx } from "./schema.js";
import type { StreamWriter } from "./staging.js";

const LIST_PAGE = 200;

export function indexedDbBlobs(db: Database, loose: Loose, writeStream: StreamWriter): BlobStore {
  return {
    async stat(key, op) {
      checkBlobKey(key);
      const row = await db.read(["blobs"], (tx) => find(tx, key), callFor(key, op));
      return row && refOf(row);
    },
    async *list(id, op) {
      checkName(id, "session id");
      const call: Call = { id, signal: op?.signal };
      const page = (last: BlobRow | undefined): Promise<readonly BlobRow[]> =>
        db.read(["blobs"], (tx) => tx.objectStore("blobs").getAll(namesOf(id, last?.name), LIST_PAGE), call);
      for await (const row of paged(page, LIST_PAGE, call)) yield refOf(row);
    },
    async *read(at, range, op) {
      checkBlobRef(at);
      const find: Parameters<typeof readPages>[2] = (tx, stream) => readable(tx, at, stream);
      yield* readPages(db, "blobs", find, range, at.size, callFor(at.key, op));
    },
    async create(key, generation, body, op) {
      checkBlobKey(key);
      checkName(generation, "generation");
      const { id, name } = key;
      const call = callFor(key, op);
      const refuse = (tx: Tx): Promise<void> => mustBeAbsent(tx, key);
      return writeStream(body, call, "blobs", refuse, async (tx, head) => {
        const row: BlobRow = { id, name, generation, ...head };
        await tx.objectStore("blobs").put(row);
        return refOf(row);
      });
    },
    async append(at, chunk, op) {
      checkBlobRef(at);
      checkBytes(chunk);
      // Now, since the caller may change it later, and with a buffer of its own.
      const bytes = chunk.slice();
      return db.write(
        ["blobs", "chunks"],
        async (tx) => {
          const row = await exactly(tx, at);
          if (bytes.length === 0) return refOf(row);
          const grown: BlobRow = { ...row, ...(await appendBytes(tx, row, bytes)) };
          await tx.objectStore("blobs").put(grown);
          return refOf(grown);
        },
        { ...callFor(at.key, op), bytes: bytes.length },
      );
    },
    async delete(at, op) {
      checkBlobRef(at);
      const unname = async (tx: Tx): Promise<number> => {
        const { id, name, stream } = await exactly(tx, at);
        await tx.objectStore("blobs").delete([id, name]);
        return stream;
      };
      await loose.remove("blobs", unname, callFor(at.key, op));
    },
  };
}

function find(tx: Tx, { id, name }: BlobKey): Promise<BlobRow | undefined> {
  return tx.objectStore("blobs").get([id, name]);
}

async function mustBeAbsent(tx: Tx, key: BlobKey): Promise<void> {
  if (await find(tx, key)) throw failure("CONFLICT", key, "exists already; delete it first");
}

/** `stream`: where the read began. One made later under the same name and generation is another blob. */
async function readable(tx: Tx, at: BlobRef, stream?: number): Promise<BlobRow> {
  const row = await find(tx, at.key);
  if (row?.generation !== at.generation || row.stream !== (stream ?? row.stream)) {
    throw failure("NOT_FOUND", at.key, `is not there in generation "${at.generation}"`);
  }
  if (row.size < at.size) throw failure("CONFLICT", at.key, `has ${row.size} bytes, not ${at.size}`);
  return row;
}

async function exactly(tx: Tx, at: BlobRef): Promise<BlobRow> {
  const row = await find(tx, at.key);
  if (!row) throw failure("NOT_FOUND", at.key, "is gone");
  if (row.generation === at.generation && row.size === at.size) return row;
  throw failure("CONFLICT", at.key, "has grown or was replaced; stat it again");
}

function refOf({ id, name, generation, size }: BlobRow): BlobRef {
  return { key: { id, name }, generation, size };
}

/** The keys of a session's blobs, or of those behind one: an array sorts behind every string. */
function namesOf(id: string, after: string | undefined): IDBKeyRange {
  return IDBKeyRange.bound(after === undefined ? [id] : [id, after], [id, []], true);
}

function callFor(key: BlobKey, op: OpOptions | undefined): Call {
  return { id: key.id, key: key.name, signal: op?.signal };
}

function failure(code: "CONFLICT" | "NOT_FOUND", { id, name }: BlobKey, what: string): ArchiverError {
  return new ArchiverError(code, `Blob "${name}" of "${id}" ${what}.`, { id, key: name });
}
