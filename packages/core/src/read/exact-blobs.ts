/**
 * A view of a blob store whose reads give exactly what was asked for: `CORRUPT` where the store ends early, or goes on.
 * Live bytes have no checksum, so nothing else would show that some are missing.
 */
import { resolveRange } from "../adapter/validate.js";
import { exactBytes } from "../format/exact-bytes.js";
import type { BlobStore } from "../ports.js";

export function exactBlobs(blobs: BlobStore): BlobStore {
  const { diskBytes } = blobs;
  return {
    stat: (key, op) => blobs.stat(key, op),
    list: (id, op) => blobs.list(id, op),
    async *read(at, range, op) {
      const { start, end } = resolveRange(range, at.size);
      yield* exactBytes(blobs.read(at, range, op), end - start, { key: at.key.name, id: at.key.id });
    },
    create: (key, generation, body, op) => blobs.create(key, generation, body, op),
    append: (at, chunk, op) => blobs.append(at, chunk, op),
    delete: (at, op) => blobs.delete(at, op),
    ...(diskBytes && { diskBytes: (id, op) => diskBytes.call(blobs, id, op) }),
  };
}
