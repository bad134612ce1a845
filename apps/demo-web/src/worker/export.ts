/** Exports a session as one `.jsonl.gz`: copies its archive's bytes, or compresses live ones. */
import { ArchiverError, type Bytes } from "@session-archiver/core";
import type { App } from "./app.ts";
import { baseName, titleOf } from "./meta.ts";
import { throttled } from "./tasks.ts";

/** Chunks are collected up to this size and then become a blob, which the browser keeps outside the heap. */
const PIECE_BYTES = 4 * 1024 * 1024;
const LONGEST_NAME = 120;

/** `PRUNED`, `CORRUPT`, `NOT_FOUND`. */
export function exportGzip(app: App, id: string): Promise<{ readonly name: string; readonly blob: Blob }> {
  return app.tasks.run(async (signal) => {
    const info = await app.archiver.info(id);
    const emit = throttled((progress) => app.events.emit({ type: "progress", progress }));
    const onProgress = ({ bytes, totalBytes }: { readonly bytes: number; readonly totalBytes: number }): void =>
      emit({ operation: "export", id, doneBytes: bytes, totalBytes, doneCount: 0, totalCount: 1 });
    const { bytes } = await app.archiver.export(id, { as: "gzip", signal, onProgress });
    const blob = await toBlob(bytes);
    const progress = { operation: "export", id, doneBytes: info.rawBytes, totalBytes: info.rawBytes } as const;
    app.events.emit({ type: "progress", progress: { ...progress, doneCount: 1, totalCount: 1 } });
    return { name: `${safeName(baseName(id)) || safeName(titleOf(info)) || "session"}.jsonl.gz`, blob };
  });
}

async function toBlob(bytes: Bytes): Promise<Blob> {
  const blobs: Blob[] = [];
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const gather = (): void => {
    blobs.push(new Blob(chunks));
    chunks = [];
    size = 0;
  };
  try {
    for await (const chunk of bytes) {
      chunks.push(chunk as Uint8Array<ArrayBuffer>);
      size += chunk.length;
      if (size >= PIECE_BYTES) gather();
    }
    gather();
    return new Blob(blobs, { type: "application/gzip" });
  } catch (cause) {
    if (!(cause instanceof DOMException) && !(cause instanceof RangeError)) throw cause;
    throw new ArchiverError("QUOTA", "The browser has no room for the exported file. Free some space and try again.", {
      cause,
    });
  }
}

/** A name that every file system accepts, without a path or a leading dot that hides the file. */
export function safeName(text: string): string {
  const name = text
    .normalize("NFC")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must go
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+/g, "-")
    .replace(/^[.\s-]+|[.\s-]+$/g, "")
    .slice(0, LONGEST_NAME)
    .toWellFormed();
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name) ? `_${name}` : name;
}
