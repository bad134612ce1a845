/** Gives one file of a session for use elsewhere: raw, or as one gzip member. */
import type { Context } from "../context.js";
import { ArchiverError, hasCode, throwIfAborted } from "../errors.js";
import { crc32 } from "../format/crc32.js";
import { archiveWriter } from "../format/writer.js";
import type { Bytes, OpOptions } from "../ports.js";
import { openArchive } from "../read/archive-index.js";
import { fileIn, type ReadOptions, readable } from "../read/read.js";
import { type SessionBytes, sessionBytes } from "../read/session-bytes.js";
import type { ArchivedFile } from "../session/archived-file.js";
import { corruptSession, hasChanged } from "../session/damage.js";
import { sizesOf } from "../session/file-state.js";
import { OUTPUT } from "../session/metadata.js";
import { MAX_TRIES, type Snapshot } from "../session/snapshot.js";
import { fileNamed } from "../session/snapshot-facts.js";

export interface ExportOptions extends OpOptions {
  /** `gzip`: one gzip member in archive format 1. `jsonl`, if not given: the raw bytes. */
  readonly as?: "jsonl" | "gzip" | undefined;
  /** The blob: the session's output if not given. */
  readonly name?: string | undefined;
  /** Of an output that was rewritten, an earlier one: see `SessionInfo.versions`. Now's if not given. */
  readonly version?: number | undefined;
}

/** Should the session be moved before the first byte is given, the export starts over, and these are as they are then. */
export interface Exported {
  readonly format: "jsonl" | "gzip";
  /** Whether the archive's own bytes are given, as they are. */
  readonly copied: boolean;
  /** How many bytes there will be; `null` where that is only known at their end. */
  readonly size: number | null;
  /**
   * Nothing is read before they are wanted. Of an archive its length and checksum are checked on the way, and its last
   * piece is kept back until all is right: `CORRUPT` before it. `CONFLICT` if the session is moved while it is copied.
   */
  readonly bytes: SessionBytes;
}

/** What is to be given, as the session was seen. */
interface Source extends Pick<Exported, "copied" | "size"> {
  readonly seen: Snapshot;
  read(): Bytes;
}

/** `NOT_FOUND` for an unknown session, version or file, `PRUNED` for a pruned one. */
export async function exportFile(ctx: Context, id: string, options: ExportOptions = {}): Promise<Exported> {
  const { as: format = "jsonl", ...reading } = options;
  let source = await sourceOf(ctx, id, format, reading);
  async function* read(): Bytes {
    for (let tries = 0, given = false; ; tries++) {
      try {
        for await (const chunk of source.read()) {
          given = true;
          yield chunk;
        }
        return;
      } catch (error) {
        if (source.copied && hasCode(error, "CORRUPT")) throw corruptSession(id, error);
        if (!hasCode(error, "NOT_FOUND")) throw error;
        const next = await sourceOf(ctx, id, format, reading);
        if (!hasChanged(source.seen, next.seen)) throw corruptSession(id, error);
        if (given || tries === MAX_TRIES) throw moved(id, error);
        source = next;
      }
    }
  }
  return {
    format,
    get copied() {
      return source.copied;
    },
    get size() {
      return source.size;
    },
    bytes: sessionBytes(read),
  };
}

async function sourceOf(ctx: Context, id: string, format: Exported["format"], reading: ReadOptions): Promise<Source> {
  const { name = OUTPUT, version: _, ...op } = reading;
  const seen = await readable(ctx, id, reading);
  const state = fileNamed(seen, name);
  if (!state && name !== OUTPUT) {
    throw new ArchiverError("NOT_FOUND", `Session "${id}" has no file "${name}".`, { id, key: name });
  }
  if (format === "gzip" && state && "file" in state && state.file && sizesOf(state).live === 0) {
    const { file } = state;
    return { seen, copied: true, size: file.archiveBytes, read: () => bytesInSink(ctx, seen, file, op) };
  }
  const file = fileIn(ctx, seen, reading);
  const tell = teller(ctx, id, file.size);
  const raw = (onRaw?: (bytes: number) => void): Bytes => watched(file.read(), id, op, onRaw);
  if (format === "jsonl") return { seen, copied: false, size: file.size, read: () => raw(tell()) };
  return { seen, copied: false, size: null, read: () => archiveWriter(id, raw(), ctx.codec, undefined, tell()).bytes };
}

/**
 * The archive's bytes. Its checksum is the manifest's, whose own the metadata has. Where there is no such manifest, all is
 * inflated first, and held against the metadata.
 */
async function* bytesInSink(ctx: Context, { object }: Snapshot, file: ArchivedFile, op: OpOptions): Bytes {
  const { id, meta } = object;
  const index = await openArchive(ctx, id, meta, file, op);
  const tell = teller(ctx, id, index.archiveBytes)();
  let size = 0;
  let crc = 0;
  let last: Uint8Array | undefined;
  for await (const chunk of watched(ctx.archives.read(file.archiveKey, undefined, op), id, op, tell)) {
    size += chunk.length;
    crc = crc32(chunk, crc);
    if (size > index.archiveBytes) break;
    if (last) yield last;
    last = chunk;
  }
  if (size !== index.archiveBytes || crc !== index.archiveCrc32) {
    const message = `Archive "${file.archiveKey}" is not what was put there: its length or its bytes are others.`;
    throw new ArchiverError("CORRUPT", message, { id, key: file.archiveKey });
  }
  if (last) yield last;
}

/** Makes listeners that add up the bytes of one reading. */
function teller(ctx: Context, id: string, totalBytes: number): () => (bytes: number) => void {
  return () => {
    let done = 0;
    return (bytes) => {
      done += bytes;
      ctx.emit({ type: "progress", operation: "export", id, bytes: done, totalBytes });
    };
  };
}

async function* watched(bytes: Bytes, id: string, op: OpOptions, onBytes?: (bytes: number) => void): Bytes {
  for await (const chunk of bytes) {
    throwIfAborted(op.signal, { id });
    onBytes?.(chunk.length);
    yield chunk;
  }
}

function moved(id: string, cause: unknown): ArchiverError {
  const message = `Session "${id}" was moved while it was being exported: what was given is not all. Export it again.`;
  return new ArchiverError("CONFLICT", message, { id, cause });
}
