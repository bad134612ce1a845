/** Live bytes on a simulated disk. */
import { ArchiverError, type BlobKey, type BlobRef, concat, type Ports, toBytes } from "@session-archiver/core";
import { absent, conflict, type Journal } from "./journal.js";

export interface StoredBlob {
  readonly ref: BlobRef;
  readonly bytes: Uint8Array;
}

/** By session and name. */
export type StoredBlobs = Map<string, Map<string, StoredBlob>>;

/** Small, so that a read has several chunks. */
const READ_BYTES = 8;

export function blobsOn(blobs: StoredBlobs, journal: Journal): Ports["blobs"] {
  const ofSession = (id: string): Map<string, StoredBlob> => {
    const found = blobs.get(id) ?? new Map<string, StoredBlob>();
    blobs.set(id, found);
    return found;
  };
  const blobAt = ({ key, generation }: BlobRef): StoredBlob => {
    const blob = blobs.get(key.id)?.get(key.name);
    if (blob?.ref.generation === generation) return blob;
    throw new ArchiverError("NOT_FOUND", `Blob "${key.name}" is not there in generation ${generation}.`);
  };
  const exactly = (at: BlobRef): StoredBlob => {
    const blob = blobs.get(at.key.id)?.get(at.key.name);
    if (!blob) throw new ArchiverError("NOT_FOUND", `Blob "${at.key.name}" is gone.`);
    if (blob.ref.generation === at.generation && blob.ref.size === at.size) return blob;
    throw conflict(`Blob "${at.key.name}"`);
  };
  const has = ({ id, name }: BlobKey): boolean => blobs.get(id)?.has(name) === true;
  return {
    stat: async ({ id, name }) => blobs.get(id)?.get(name)?.ref,
    async *list(id) {
      for (const name of [...(blobs.get(id)?.keys() ?? [])]) {
        const blob = blobs.get(id)?.get(name);
        if (blob) yield blob.ref;
      }
    },
    async *read(at, { start, end = at.size } = { start: 0 }) {
      if (blobAt(at).ref.size < at.size) throw conflict(`Blob "${at.key.name}"`);
      const stop = Math.min(end, at.size);
      for (let from = start; from < stop; from += READ_BYTES) {
        yield blobAt(at).bytes.slice(from, Math.min(stop, from + READ_BYTES));
      }
    },
    async create(key, generation, body) {
      absent(has(key), key.name);
      const bytes = await toBytes(body);
      absent(has(key), key.name);
      const ref: BlobRef = { key: { ...key }, generation, size: bytes.length };
      journal.set(ofSession(key.id), key.name, { ref, bytes: bytes.slice() });
      return ref;
    },
    async append(at, chunk) {
      const bytes = concat([exactly(at).bytes, chunk.slice()]);
      const ref: BlobRef = { ...at, size: bytes.length };
      journal.set(ofSession(at.key.id), at.key.name, { ref, bytes });
      return ref;
    },
    async delete(at) {
      exactly(at);
      journal.set(ofSession(at.key.id), at.key.name, undefined);
    },
  };
}
