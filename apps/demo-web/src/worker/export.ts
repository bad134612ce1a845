/** A session as one `.jsonl.gz`: its archive's bytes as they are, or compressed on the way. */
import {
  ArchiverError,
  archivedFiles,
  type Bytes,
  collect,
  crc32,
  decodeManifest,
  hasCode,
  KEY,
  OUTPUT,
  throwIfAborted,
} from "@session-archiver/core";
import type { Progress } from "./api.ts";
import { type App, objectOf } from "./app.ts";
import { baseName, textAt, titleOf } from "./meta.ts";
import { bytesFrom, streamOf } from "./streams.ts";
import { throttled } from "./tasks.ts";
import { readableInfo } from "./transcript/open-transcript.ts";

/** What is gathered before it becomes a blob, which the browser keeps outside of the heap. */
const PIECE_BYTES = 4 * 1024 * 1024;
const LONGEST_NAME = 120;

/** `PRUNED`, `CORRUPT`, `NOT_FOUND`. */
export function exportGzip(app: App, id: string): Promise<{ readonly name: string; readonly blob: Blob }> {
  return app.tasks.run(async (signal) => {
    const { state, rawBytes, meta } = await readableInfo(app, id);
    const emit = throttled((progress) => app.events.emit({ type: "progress", progress }));
    const tell = (doneBytes: number, totalBytes: number): void => {
      const progress: Progress = { operation: "export", id, doneBytes, totalBytes, doneCount: 0, totalCount: 1 };
      emit(doneBytes >= totalBytes ? { ...progress, doneBytes: totalBytes, doneCount: 1 } : progress);
    };
    const stored = state === "archived" ? await storedArchive(app, id, signal, tell) : undefined;
    const blob = stored ?? (await toBlob(compressed(app, id, signal, rawBytes, tell)));
    return { name: `${safeName(baseName(id)) || safeName(titleOf(id, meta)) || "session"}.jsonl.gz`, blob };
  });
}

/**
 * The archive as it is stored, if it is whole. `undefined` if it was moved meanwhile or can't be checked: then the
 * session is read and compressed, which tells what is wrong with it if anything is.
 */
async function storedArchive(
  app: App,
  id: string,
  signal: AbortSignal,
  tell: (done: number, total: number) => void,
): Promise<Blob | undefined> {
  const { meta } = await objectOf(app, id);
  const file = archivedFiles(id, meta).find(({ name }) => name === OUTPUT);
  const key = textAt(meta, KEY.archiveManifest);
  if (!file || key === undefined) return undefined;
  const { archives } = app.stores;
  try {
    const manifest = decodeManifest(await collect(archives.read(key, undefined, { signal })), key);
    const index = manifest.files.find(({ name }) => name === OUTPUT);
    let size = 0;
    let crc = 0;
    const blob = await toBlob(
      watched(archives.read(file.path, undefined, { signal }), (chunk) => {
        throwIfAborted(signal, { id });
        size += chunk.length;
        crc = crc32(chunk, crc);
        tell(size, file.storedBytes);
      }),
    );
    return index?.key === file.path && size === index.storedBytes && crc === index.storedCrc32 ? blob : undefined;
  } catch (error) {
    if (!hasCode(error, "NOT_FOUND", "CORRUPT")) throw error;
    return undefined;
  }
}

function compressed(
  app: App,
  id: string,
  signal: AbortSignal,
  rawBytes: number,
  tell: (done: number, total: number) => void,
): Bytes {
  let done = 0;
  const raw = watched(app.archiver.read(id, { signal }), (chunk) => {
    throwIfAborted(signal, { id });
    done += chunk.length;
    tell(done, rawBytes);
  });
  return bytesFrom(streamOf(raw).pipeThrough(new CompressionStream("gzip")));
}

async function* watched(bytes: Bytes, onChunk: (chunk: Uint8Array) => void): Bytes {
  for await (const chunk of bytes) {
    onChunk(chunk);
    yield chunk;
  }
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
    throw new ArchiverError("QUOTA", "The browser has no room for the exported file. Free some and try again.", {
      cause,
    });
  }
}

/** What every file system takes, without a path or an ending that hides the file. */
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
