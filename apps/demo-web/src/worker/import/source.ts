/** A file's transcript: its bytes, or its inflated gzip data. Can be read more than once. */
import { ArchiverError, type Bytes, codeOf, type ImportSource, MAX_ARCHIVABLE_ID_LENGTH } from "@session-archiver/core";
import type { ImportFile } from "../api.ts";
import { bytesFrom, streamOf } from "../streams.ts";

const PIECE_BYTES = 1024 * 1024;
const ENDING = /\.jsonl(\.gz)?$/i;

export interface Source {
  /** The path without its ending; the command line names sessions the same way. */
  readonly id: string;
  readonly path: string;
  readonly isGzip: boolean;
  /** Opens the transcript. Reads gzip data to its end first, so that a damaged file is refused before anything is stored. */
  open(onRead: (fileBytes: number) => void): Promise<ImportSource>;
}

/** `INVALID_ARGUMENT` if the name isn't a transcript's. */
export function sourceOf({ path, file }: ImportFile): Source {
  const ending = ENDING.exec(path);
  const id = path.replace(ENDING, "");
  if (!ending || id === "" || id.endsWith("/")) {
    throw new ArchiverError(
      "INVALID_ARGUMENT",
      `"${path}" is not a session: its name must end in .jsonl or .jsonl.gz.`,
    );
  }
  if (id.length > MAX_ARCHIVABLE_ID_LENGTH) {
    const message = `The path of "${path.slice(0, 40)}…" is longer than ${MAX_ARCHIVABLE_ID_LENGTH} characters: rename it.`;
    throw new ArchiverError("INVALID_ARGUMENT", message);
  }
  const isGzip = ending[1] !== undefined;
  const known = { location: path, lastModifiedMs: file.lastModified };
  return {
    id,
    path,
    isGzip,
    async open(onRead) {
      if (!isGzip) return { ...known, size: file.size, read: ({ start, end }) => pieces(path, file, start, end) };
      let size = 0;
      for await (const chunk of inflated(path, file, onRead)) size += chunk.length;
      return { ...known, size, read: ({ start, end }) => between(inflated(path, file), start, end) };
    },
  };
}

async function* pieces(
  path: string,
  file: File,
  start: number,
  end: number,
  onRead: (fileBytes: number) => void = () => {},
): Bytes {
  for (let at = start; at < end; at += PIECE_BYTES) {
    const piece = file.slice(at, Math.min(end, at + PIECE_BYTES));
    const bytes = await piece.bytes().catch((cause: unknown) => {
      throw unread(path, cause);
    });
    if (bytes.length !== piece.size) throw unread(path, undefined);
    yield bytes;
    onRead(at + bytes.length);
  }
}

function unread(path: string, cause: unknown): ArchiverError {
  const message = `"${path}" could not be read: it was changed, moved or deleted since you chose it. Choose it again.`;
  return new ArchiverError("UNAVAILABLE", message, { cause });
}

async function* inflated(path: string, file: File, onRead?: (fileBytes: number) => void): Bytes {
  const data = pieces(path, file, 0, file.size, onRead);
  try {
    yield* bytesFrom(streamOf(data).pipeThrough(new DecompressionStream("gzip")));
  } catch (cause) {
    if (codeOf(cause) !== undefined) throw cause;
    const message = `"${path}" is not one whole gzip file: it is cut off, damaged, or several joined into one. Unpack it and import the .jsonl instead.`;
    throw new ArchiverError("CORRUPT", message, { cause });
  }
}

/** Bytes `[start, end)` of a stream: gzip data can only be read from its start. */
async function* between(bytes: Bytes, start: number, end: number): Bytes {
  let at = 0;
  for await (const chunk of bytes) {
    const part = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at));
    at += chunk.length;
    if (part.length > 0) yield part;
    if (at >= end) return;
  }
}
