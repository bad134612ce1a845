/**
 * Shows files that lie elsewhere as if they were a session's live blobs, so that `archive` can archive them: it reads
 * them where they lie, and its deletes do nothing to them.
 */
import { keepsChanging } from "../../adapter/retry.js";
import { sliceOf } from "../../bytes.js";
import type { Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import { crc32 } from "../../format/crc32.js";
import type { BlobRef, BlobStore, Bytes } from "../../ports.js";
import { exactly } from "../import/feed.js";
import type { ImportSource } from "../import/import-types.js";

/** New bytes of one file: those of the source from `start` on. */
export interface NewBytes {
  readonly name: string;
  readonly generation: string;
  readonly source: ImportSource;
  readonly start: number;
  /** CRC-32 of these bytes as they were when they were compared: an archive of others is not committed. */
  readonly crc32: number;
}

/** The context with these files as the session's only blobs. A blob of its own, which came meanwhile, is a `CONFLICT`. */
export function withOriginals(ctx: Context, id: string, files: readonly NewBytes[]): Context {
  const left = new Map(files.map((file) => [file.name, file]));
  const refOf = ({ name, generation, source, start }: NewBytes): BlobRef => {
    return { key: { id, name }, generation, size: source.size - start };
  };
  const found = ({ key, generation }: BlobRef): NewBytes => {
    const file = key.id === id ? left.get(key.name) : undefined;
    if (file?.generation === generation) return file;
    throw new ArchiverError("NOT_FOUND", `There is no file "${key.name}" to mirror into session "${id}".`, { id });
  };
  const blobs: BlobStore = {
    ...ctx.blobs,
    async stat(key, op) {
      if (key.id !== id) return ctx.blobs.stat(key, op);
      const file = left.get(key.name);
      return file && refOf(file);
    },
    async *list(other, op) {
      if (other === id) {
        for await (const _ of ctx.blobs.list(id, op)) throw keepsChanging(`Session "${id}"`, { id });
        for (const file of left.values()) yield refOf(file);
      } else yield* ctx.blobs.list(other, op);
    },
    async *read(at, { start, end = at.size } = { start: 0 }) {
      const file = found(at);
      if (start === 0 && end >= at.size) yield* unchanged(id, file);
      else yield* sliceOf(unchanged(id, file), { start, end });
    },
    async delete(at) {
      left.delete(found(at).name);
    },
  };
  return {
    ...ctx,
    blobs,
    emit: (event) => ctx.emit(event.type === "archived" ? { ...event, liveBytesFreed: 0 } : event),
  };
}

/** The file's new bytes. `CONFLICT` at their end if they are not those that were compared. */
async function* unchanged(id: string, { name, source, start, crc32: expected }: NewBytes): Bytes {
  let crc = 0;
  for await (const chunk of exactly(id, source, start, source.size)) {
    crc = crc32(chunk, crc);
    // The chunk is the source's, but what a blob store gives is the reader's to transfer.
    yield new Uint8Array(chunk);
  }
  if (crc === expected) return;
  const message = `The file "${name}" of session "${id}" was changed while it was archived: mirror it again.`;
  throw new ArchiverError("CONFLICT", message, { id });
}
