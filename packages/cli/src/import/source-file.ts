/** A file from which a session is imported, read in ranges in whatever form it is packed. */
import { type FileHandle, open, stat } from "node:fs/promises";
import { ArchiverError, type Bytes, codeOf, type ImportSource, throwIfAborted } from "@session-archiver/core";
import { toFileError } from "../fs-errors.js";
import type { Form } from "./find.js";
import { gunzip } from "./unpack/gunzip.js";
import { unzstd } from "./unpack/unzstd.js";

const CHUNK_BYTES = 1024 * 1024;

/** The file as it was looked at. */
export interface FileState {
  /** Size of the file in bytes. */
  readonly size: number;
  /** Unix ms. */
  readonly mtimeMs: number;
  /** Changes whenever the bytes may have changed: inode, size, and times in nanoseconds. */
  readonly version: string;
}

export interface SourceFile {
  readonly location: string;
  readonly form: Form;
  readonly state: FileState;
  /** The files that continue it, as they were looked at, if it is an archive in several parts. */
  readonly parts: readonly SourceFile[];
}

/** `parts`: the files that continue it. `NOT_FOUND` and other errors of the file system. */
export async function lookAt(location: string, form: Form, parts: readonly string[] = []): Promise<SourceFile> {
  const state = await stateOf(location);
  const later: SourceFile[] = [];
  for (const part of parts) later.push(await lookAt(part, form));
  const states = [state, ...later.map((part) => part.state)];
  return {
    ...{ location, form, parts: later },
    state: { ...state, version: states.map(({ version }) => version).join(" ") },
  };
}

async function stateOf(location: string): Promise<FileState> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(location, { bigint: true });
    const version = [ino, size, mtimeNs, ctimeNs].join(":");
    return { size: Number(size), mtimeMs: Math.round(Number(mtimeNs) / 1e6), version };
  } catch (error) {
    throw toFileError(error, `read "${location}"`);
  }
}

/**
 * The raw bytes `[start, end)`, or from `start` to the end, of the file as it was looked at. `CONFLICT` if it has
 * become shorter since, `CORRUPT` if it can't be unpacked; both name the file. Everything before `start` in a packed
 * file is unpacked, too.
 */
export async function* readRaw(
  source: SourceFile,
  { start = 0, end }: { readonly start?: number; readonly end?: number | undefined },
  signal: AbortSignal | undefined,
): Bytes {
  const { form, state } = source;
  if (form === "plain") {
    yield* packedBytes(source, start, Math.min(end ?? state.size, state.size), signal);
    return;
  }
  let at = 0;
  for await (const chunk of unpacked(source, signal)) {
    const part = chunk.subarray(Math.max(0, start - at), end === undefined ? undefined : Math.max(0, end - at));
    at += chunk.length;
    if (part.length > 0) yield part;
    if (end !== undefined && at >= end) return;
  }
  if (end !== undefined && at < end) throw shorter(source);
}

/** The number of raw bytes. A packed file is unpacked and checked for it. */
export async function rawSize(source: SourceFile, signal: AbortSignal | undefined): Promise<number> {
  if (source.form === "plain") return source.state.size;
  let size = 0;
  for await (const chunk of unpacked(source, signal)) size += chunk.length;
  return size;
}

/** The source in the archiver's form; `size`: raw bytes. */
export function importSource(
  source: SourceFile,
  { size, identity }: { readonly size: number; readonly identity: string | undefined },
  signal: AbortSignal | undefined,
): ImportSource {
  const { location, state } = source;
  const read = (range: { readonly start: number; readonly end: number }): Bytes => readRaw(source, range, signal);
  return { size, identity, location, version: state.version, lastModifiedMs: state.mtimeMs, read };
}

async function* unpacked(source: SourceFile, signal: AbortSignal | undefined): Bytes {
  const { form, location, state } = source;
  const packed = packedBytes(source, 0, state.size, signal);
  try {
    yield* form === "gzip" ? gunzip(packed, state.size) : unzstd(packed);
  } catch (error) {
    if (codeOf(error) !== undefined) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArchiverError("CORRUPT", `"${location}" can't be unpacked: it ${asDeed(reason)}.`, { cause: error });
  }
  for (const part of source.parts) yield* unpacked(part, signal);
}

/**
 * This program's own reasons continue a sentence that begins with the file's name; those of decoders are put in
 * brackets.
 */
function asDeed(reason: string): string {
  return /^(?:ends|holds|has|needs|was) /.test(reason) ? reason : `is damaged or torn (${reason})`;
}

async function* packedBytes(source: SourceFile, start: number, end: number, signal: AbortSignal | undefined): Bytes {
  const { location } = source;
  let file: FileHandle | undefined;
  try {
    file = await open(location, "r");
    for (let at = start; at < end; ) {
      throwIfAborted(signal);
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, end - at));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) throw shorter(source);
      at += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } catch (error) {
    throw toFileError(error, `read "${location}"`);
  } finally {
    await file?.close();
  }
}

function shorter({ location }: SourceFile): ArchiverError {
  return new ArchiverError("CONFLICT", `"${location}" was made shorter while it was read: import it again.`);
}
