/** Exports one file of a session: raw, or as one gzip member. */
import { bytesOf } from "../bytes.js";
import type { Context } from "../context.js";
import { ArchiverError, hasCode, throwIfAborted } from "../errors.js";
import { baseOf } from "../format/continued.js";
import { crc32 } from "../format/crc32.js";
import { readArchive } from "../format/reader.js";
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
  /** `gzip`: one gzip member in archive format 1. `jsonl`, the default: the raw bytes. */
  readonly as?: "jsonl" | "gzip" | undefined;
  /** Name of the file; the session's output by default. */
  readonly name?: string | undefined;
  /** An earlier output of the session, by the number in `SessionInfo.versions`; the present output by default. */
  readonly version?: number | undefined;
}

/** If the session is moved before the first byte is read, the export starts over, and these values change to fit. */
export interface Exported {
  readonly format: "jsonl" | "gzip";
  /** Whether `bytes` is the archive's own file, byte for byte. */
  readonly copied: boolean;
  /** How many bytes there will be; `null` if that is only known at their end. */
  readonly size: number | null;
  /**
   * Reads nothing until it is consumed. The length and checksum of an archive are checked on the way, and its last
   * chunk is held back until both are right; `CORRUPT` otherwise. `CONFLICT` if the session is moved while it is
   * copied.
   */
  readonly bytes: SessionBytes;
}

/** What to export, for the session as it was seen. */
interface Source extends Pick<Exported, "copied" | "size"> {
  readonly seen: Snapshot;
  read(): Bytes;
}

/** `NOT_FOUND` for an unknown session, version or file, `PRUNED` for a pruned session. */
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
    if (file.parts) return { seen, copied: false, size: null, read: () => partsAsOne(ctx, seen, file, op) };
    return { seen, copied: true, size: file.archiveBytes, read: () => bytesInSink(ctx, seen, file, op) };
  }
  const file = fileIn(ctx, seen, reading);
  const tell = teller(ctx, id, file.size);
  const raw = (onRaw?: (bytes: number) => void): Bytes => watched(file.read(), id, op, onRaw);
  if (format === "jsonl") return { seen, copied: false, size: file.size, read: () => raw(tell()) };
  return { seen, copied: false, size: null, read: () => archiveWriter(id, raw(), ctx.codec, undefined, tell()).bytes };
}

/**
 * The archive's bytes, checked against the checksum in the manifest, which the metadata's checksum covers. Without such
 * a manifest, everything is inflated first and checked against the metadata.
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
    // A read says where the damage is, as every other operation does.
    for await (const _ of readArchive(ctx.archives, ctx.codec, index, { start: 0, end: file.rawBytes }, op));
    const message = `Archive "${file.archiveKey}" is not what was put there: its length or its bytes differ.`;
    throw new ArchiverError("CORRUPT", message, { id, key: file.archiveKey });
  }
  if (last) yield last;
}

/** All parts as one archive file: their segments are copied, and `CORRUPT` ends the copy if one is not what it was. */
async function* partsAsOne(ctx: Context, { object }: Snapshot, file: ArchivedFile, op: OpOptions): Bytes {
  const { id, meta } = object;
  const index = await openArchive(ctx, id, meta, file, op);
  const base = baseOf(ctx.archives, index, 0, op);
  const tell = teller(ctx, id, index.archiveBytes)();
  const { bytes } = archiveWriter(id, bytesOf(), ctx.codec, base);
  let last: Uint8Array | undefined;
  for await (const chunk of watched(bytes, id, op, tell)) {
    if (last) yield last;
    last = chunk;
  }
  if (!base.isProven()) {
    const message = `Archive "${file.archiveKey}" is not what was put there: the bytes of its parts differ.`;
    throw new ArchiverError("CORRUPT", message, { id, key: file.archiveKey });
  }
  if (last) yield last;
}

/** Makes progress listeners, each of which adds up the bytes of one read. */
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
  const message = `Session "${id}" was moved while it was being exported: the exported bytes are incomplete. Export it again.`;
  return new ArchiverError("CONFLICT", message, { id, cause });
}
