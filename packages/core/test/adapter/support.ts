/** Backends that remember what they were called with. */
import type {
  ArchiveBackend,
  ArchiveHead,
  BlobBackend,
  BlobHead,
  ListedObject,
  ObjectBackend,
  StoredMeta,
} from "../../src/adapter.js";
import type { ArchiveInfo, Bytes } from "../../src/index.js";

export type Log = [method: string, ...args: unknown[]][];

export const ILLEGAL: readonly unknown[] = ["", "x".repeat(1025), "\ud800", 7, undefined, null];
export const aborted = { signal: AbortSignal.abort("enough") };

export async function* streamOf<T>(...items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** An object backend over these rows; `listed` is what its listing gives. */
export function objectBackend(
  log: Log,
  rows: Readonly<Record<string, StoredMeta>> = {},
  listed: readonly (ListedObject | readonly ListedObject[])[] = Object.keys(rows),
): ObjectBackend {
  return {
    async get(id, call) {
      log.push(["get", id, call]);
      return rows[id];
    },
    async put(id, record, expected, call) {
      log.push(["put", id, record, expected, call]);
      return expected === "stale" ? undefined : record.version;
    },
    async delete(id, expected, call) {
      log.push(["delete", id, expected, call]);
      return expected !== "stale";
    },
    list(query, call) {
      log.push(["list", query, call]);
      return streamOf(...listed);
    },
  };
}

/** A blob backend that holds one blob of five bytes, unless it is given none. */
export function blobBackend(log: Log, head: BlobHead | undefined = { generation: "g", size: 5 }): BlobBackend {
  return {
    async stat(key, call) {
      log.push(["stat", key, call]);
      return head;
    },
    list(id, call) {
      log.push(["list", id, call]);
      return streamOf({ name: "output", generation: "g", size: 5 }, { name: "b", generation: "h", size: 7 });
    },
    read(at, range, call) {
      log.push(["read", at, range, call]);
      return streamOf(Uint8Array.of(1), Uint8Array.of(2));
    },
    async create(key, generation, body, call) {
      log.push(["create", key, generation, call]);
      return sizeOf(body);
    },
    async append(at, chunk, call) {
      log.push(["append", at, chunk, call]);
    },
    async delete(at, call) {
      log.push(["delete", at, call]);
    },
  };
}

/** An archive backend that holds these archives. */
export function archiveBackend(log: Log, archives: readonly ArchiveInfo[] = []): ArchiveBackend {
  return {
    async put(key, body, call) {
      log.push(["put", key, call]);
      return { size: await sizeOf(body), createdAt: 3 };
    },
    async stat(key, call): Promise<ArchiveHead | undefined> {
      log.push(["stat", key, call]);
      return archives.find((archive) => archive.key === key);
    },
    read(key, range, call) {
      log.push(["read", key, range, call]);
      return streamOf(Uint8Array.of(1), Uint8Array.of(2));
    },
    async delete(key, call) {
      log.push(["delete", key, call]);
    },
    list(prefix, call) {
      log.push(["list", prefix, call]);
      return streamOf(...archives);
    },
  };
}

async function sizeOf(body: Bytes): Promise<number> {
  let size = 0;
  for await (const chunk of body) size += chunk.length;
  return size;
}
