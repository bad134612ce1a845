/** Live blobs: one plain file each. Whatever depends on a blob's state is done under the store's lock; reads need none. */
import {
  type BlobRef,
  type BlobStore,
  type Bytes,
  checkBlobKey,
  checkBlobRef,
  checkName,
  type OpOptions,
  resolveRange,
} from "@session-archiver/core/adapter";
import type { Area } from "./area.js";
import {
  blobsOf,
  conflict,
  contextOf,
  deleteBlob,
  gone,
  openBlob,
  publishBlob,
  requireAbsent,
  said,
  withExactly,
} from "./blob-directory.js";
import { appendTo } from "./blob-file.js";
import { guarded, guardedStream } from "./errors.js";
import { READ_ONLY, READ_WRITE, readRange } from "./files.js";
import { blobGeneration, blobName } from "./layout.js";

export function openBlobs(area: Area): BlobStore {
  const { tree, staging, names, lock } = area;

  async function* readAt(at: BlobRef, range: { start: number; end: number }, op: OpOptions | undefined): Bytes {
    const blob = await tree.steady(() => openBlob(tree, at, READ_ONLY));
    if (!blob) throw gone(at.key);
    try {
      if (blob.size < at.size) throw conflict(at.key, `has ${blob.size} bytes, not ${at.size}`);
      // Should the blob be deleted or replaced meanwhile: the open file still holds these bytes and no others.
      yield* readRange(blob.handle, range, op);
    } finally {
      await blob.handle.close();
    }
  }

  return {
    async stat(key, op) {
      checkBlobKey(key);
      area.begin(op, contextOf(key));
      const look = () => firstOf(blobsOf(tree, names, key.id, key.name));
      return guarded(`look at ${said(key)}`, contextOf(key), () => tree.steady(look));
    },
    async *list(id, op) {
      checkName(id, "session id");
      area.begin(op, { id });
      const look = () => allOf(blobsOf(tree, names, id));
      for (const ref of await guarded(`list the blobs of "${id}"`, { id }, () => tree.steady(look))) {
        area.begin(op, { id });
        yield ref;
      }
    },
    async *read(at, range, op) {
      checkBlobRef(at);
      const wanted = resolveRange(range, at.size);
      area.begin(op, contextOf(at.key));
      yield* guardedStream(`read ${said(at.key)}`, contextOf(at.key), readAt(at, wanted, op));
    },
    async create(wanted, generation, body, op) {
      checkBlobKey(wanted);
      checkName(generation, "generation");
      const key = { id: wanted.id, name: wanted.name };
      const context = contextOf(key);
      const doing = `create ${said(key)}`;
      await area.beginChange(doing, op, context);
      await guarded(doing, context, async () => {
        await requireAbsent(tree, key);
        await names.remember(blobName(key.name), key.name, context);
        await names.remember(blobGeneration(generation), generation, context);
      });
      return staging.write(body, { doing, context, op }, async ({ path, size }) => {
        await guarded(doing, context, () => lock.run(() => publishBlob(tree, path, key, generation), op));
        return { key, generation, size };
      });
    },
    async append(at, chunk, op) {
      checkBlobRef(at);
      const { generation } = at;
      const key = { id: at.key.id, name: at.key.name };
      const context = contextOf(key);
      const doing = `append to ${said(key)}`;
      await area.beginChange(doing, op, context);
      const size = await guarded(doing, context, () =>
        lock.run(() => withExactly(area, at, READ_WRITE, (blob) => appendTo(blob, chunk, staging, context)), op),
      );
      return { key, generation, size };
    },
    async delete(at, op) {
      checkBlobRef(at);
      const context = contextOf(at.key);
      const doing = `delete ${said(at.key)}`;
      await area.beginChange(doing, op, context);
      await guarded(doing, context, () => area.change(() => deleteBlob(area, at, op)));
    },
  };
}

async function allOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}
