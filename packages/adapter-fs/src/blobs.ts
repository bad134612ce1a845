/** Live blobs: one plain file each. What depends on a blob's state is done under the lock of its session; reads need no lock. */
import { closeSync } from "node:fs";
import { type BlobBackend, requireReadable } from "@session-archiver/core/adapter";
import { appendTo } from "./append.js";
import { blobsIn, blobsOnDisk, deleteBlob, openBlob, publishBlob, requireNoBlob } from "./blob-directory.js";
import { readRange } from "./file-bytes.js";
import { blobGeneration, blobName, lockKey } from "./layout.js";
import type { StoreDirectory } from "./store-directory.js";

export function openBlobs(store: StoreDirectory): BlobBackend {
  const { tree, staging, names, lock } = store;
  return {
    refusesEarly: true, // also because of a link in the blob's place, which `stat` calls CORRUPT
    async stat({ id, name }) {
      const [blob] = await tree.steady(() => blobsIn(store, id, name));
      return blob;
    },
    async *list(id) {
      yield* await tree.steady(() => blobsIn(store, id));
    },
    async *read(at, range) {
      const blob = await tree.steady(() => openBlob(tree, at));
      try {
        const { descriptor } = requireReadable(blob, at);
        // If the blob is deleted or replaced meanwhile, the open file still holds these bytes and no others.
        yield* readRange(descriptor, range);
      } finally {
        if (blob) closeSync(blob.descriptor);
      }
    },
    async create(key, generation, body, call) {
      await store.migrate();
      await requireNoBlob(tree, key);
      await names.remember(blobName(key.name), key.name);
      await names.remember(blobGeneration(generation), generation);
      return staging.write(body, async ({ path, size }) => {
        await lock.run(lockKey(key.id), () => publishBlob(tree, path, key, generation), call);
        return size;
      });
    },
    async append(at, chunk, call) {
      await store.migrate();
      await lock.run(lockKey(at.key.id), () => appendTo(store, at, chunk), call);
    },
    diskBytes: (id) => tree.steady(() => blobsOnDisk(tree, id)),
    async delete(at, call) {
      await store.migrate();
      await store.change(() => deleteBlob(store, at, call));
    },
  };
}
