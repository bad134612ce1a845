/** Blobs in memory. */
import { toBytes } from "../../bytes.js";
import type { BlobKey, BlobStore } from "../../ports.js";
import { type BlobHead, requireAbsent, requireExactly, requireReadable } from "../blob-checks.js";
import { defineBlobs } from "../define-blobs.js";
import { copiesOf, ROW_BYTES } from "./copies.js";

/** Only the blob's own array ever changes, and only beyond every size handed out so far. */
interface MemoryBlob {
  readonly generation: string;
  size: number;
  bytes: Uint8Array;
}

/** An empty blob store. */
export function memoryBlobs(): BlobStore {
  const sessions = new Map<string, Map<string, MemoryBlob>>();
  const find = ({ id, name }: BlobKey): MemoryBlob | undefined => sessions.get(id)?.get(name);
  return defineBlobs({
    rowBytes: ROW_BYTES,
    stat(key) {
      const blob = find(key);
      return blob && headOf(blob);
    },
    async *list(id) {
      for (const [name, blob] of [...(sessions.get(id) ?? [])]) yield { name, ...headOf(blob) };
    },
    async *read(at, range) {
      const bytesNow = () => requireReadable(find(at.key), at).bytes;
      bytesNow();
      yield* copiesOf(range, bytesNow);
    },
    async create(key, generation, body) {
      const bytes = await toBytes(body);
      requireAbsent(find(key), key);
      const blobs = sessions.get(key.id) ?? new Map<string, MemoryBlob>();
      sessions.set(key.id, blobs.set(key.name, { generation, size: bytes.length, bytes }));
      return bytes.length;
    },
    append(at, chunk) {
      const blob = requireExactly(find(at.key), at);
      const size = at.size + chunk.length;
      if (size > blob.bytes.length) {
        const larger = new Uint8Array(Math.max(size, blob.bytes.length * 2));
        larger.set(blob.bytes.subarray(0, at.size));
        blob.bytes = larger;
      }
      blob.bytes.set(chunk, at.size);
      blob.size = size;
    },
    delete(at) {
      requireExactly(find(at.key), at);
      const blobs = sessions.get(at.key.id);
      blobs?.delete(at.key.name);
      if (blobs?.size === 0) sessions.delete(at.key.id);
    },
  });
}

/** As it is now: the blob itself may have grown by the time the caller looks at it. */
function headOf({ generation, size }: MemoryBlob): BlobHead {
  return { generation, size };
}
