/** Blobs in memory. */
import { ArchiverError, throwIfAborted } from "../errors.js";
import type { BlobKey, BlobRef, BlobStore } from "../ports.js";
import { checkBlobKey, checkBlobRef, checkName, resolveRange } from "../validate.js";
import { drain, READ_CHUNK_BYTES } from "./drain.js";

function conflict(message: string, { id, name }: BlobKey): ArchiverError {
  return new ArchiverError("CONFLICT", message, { id, key: name });
}

/** Only the blob's own array ever changes, and only beyond every size handed out so far. */
interface MemoryBlob {
  ref: BlobRef;
  bytes: Uint8Array;
}

/** An empty blob store. */
export function memoryBlobs(): BlobStore {
  const sessions = new Map<string, Map<string, MemoryBlob>>();
  const find = (key: BlobKey): MemoryBlob | undefined => sessions.get(key.id)?.get(key.name);
  const findAt = (at: BlobRef): MemoryBlob => {
    const blob = find(at.key);
    const { id, name } = at.key;
    if (blob?.ref.generation === at.generation) return blob;
    throw new ArchiverError("NOT_FOUND", `Blob "${name}" of "${id}" is not there in generation ${at.generation}.`, {
      id,
      key: name,
    });
  };
  const findExactly = (at: BlobRef): MemoryBlob => {
    const blob = find(at.key);
    const { id, name } = at.key;
    if (!blob) throw new ArchiverError("NOT_FOUND", `Blob "${name}" of "${id}" is gone.`, { id, key: name });
    if (blob.ref.generation !== at.generation || blob.ref.size !== at.size) {
      throw conflict(`Blob "${name}" of "${id}" has changed.`, at.key);
    }
    return blob;
  };
  return {
    async stat(key, op) {
      checkBlobKey(key);
      throwIfAborted(op?.signal, { id: key.id });
      return find(key)?.ref;
    },
    async *list(id, op) {
      checkName(id, "session id");
      for (const blob of [...(sessions.get(id)?.values() ?? [])]) {
        throwIfAborted(op?.signal, { id });
        yield blob.ref;
      }
    },
    async *read(at, range, op) {
      checkBlobRef(at);
      const { start, end } = resolveRange(range, at.size);
      if (findAt(at).ref.size < at.size) throw conflict("The blob is shorter than the ref says.", at.key);
      for (let from = start; from < end; from += READ_CHUNK_BYTES) {
        throwIfAborted(op?.signal, { id: at.key.id });
        yield findAt(at).bytes.slice(from, Math.min(end, from + READ_CHUNK_BYTES));
      }
    },
    async create(key, generation, body, op) {
      checkBlobKey(key);
      checkName(generation, "generation");
      const absent = (): void => {
        if (find(key)) throw conflict(`Blob "${key.name}" of "${key.id}" exists already.`, key);
      };
      absent();
      const bytes = await drain(body, op);
      absent();
      const ref: BlobRef = { key: { id: key.id, name: key.name }, generation, size: bytes.length };
      const blobs = sessions.get(key.id) ?? new Map<string, MemoryBlob>();
      sessions.set(key.id, blobs.set(key.name, { ref, bytes }));
      return ref;
    },
    async append(at, chunk, op) {
      checkBlobRef(at);
      throwIfAborted(op?.signal, { id: at.key.id });
      const blob = findExactly(at);
      const size = at.size + chunk.length;
      if (size > blob.bytes.length) {
        const larger = new Uint8Array(Math.max(size, blob.bytes.length * 2));
        larger.set(blob.bytes.subarray(0, at.size));
        blob.bytes = larger;
      }
      blob.bytes.set(chunk, at.size);
      blob.ref = { ...blob.ref, size };
      return blob.ref;
    },
    async delete(at, op) {
      checkBlobRef(at);
      throwIfAborted(op?.signal, { id: at.key.id });
      findExactly(at);
      const blobs = sessions.get(at.key.id);
      blobs?.delete(at.key.name);
      if (blobs?.size === 0) sessions.delete(at.key.id);
    },
  };
}
