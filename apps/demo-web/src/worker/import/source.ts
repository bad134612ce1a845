/** A file's transcript: its bytes, or what its gzip data inflates to. Can be read more than once. */
import { ArchiverError, type Bytes, codeOf, MAX_ARCHIVABLE_ID_LENGTH } from "@session-archiver/core";
import type { ImportFile } from "../api.ts";
import { bytesFrom, streamOf } from "../streams.ts";

const PIECE_BYTES = 1024 * 1024;
const ENDING = /\.jsonl(\.gz)?$/i;

export interface Source {
  /** The path without its ending, as the command line names sessions too. */
  readonly id: string;
  readonly path: string;
  readonly file: File;
  /** The transcript from its start; `onRead` hears how many bytes of the file have been read. */
  read(onRead: (fileBytes: number) => void): Bytes;
}

/** `INVALID_ARGUMENT` for a file that is no transcript by its name. */
export function openSource({ path, file }: ImportFile): Source {
  const ending = ENDING.exec(path);
  const id = path.replace(ENDING, "");
  if (!ending || id === "" || id.endsWith("/")) {
    throw new ArchiverError("INVALID_ARGUMENT", `"${path}" is no session: its name must end in .jsonl or .jsonl.gz.`);
  }
  if (id.length > MAX_ARCHIVABLE_ID_LENGTH) {
    const message = `The path of "${path.slice(0, 40)}…" is longer than ${MAX_ARCHIVABLE_ID_LENGTH} characters: rename it.`;
    throw new ArchiverError("INVALID_ARGUMENT", message);
  }
  const isGzip = ending[1] !== undefined;
  return { id, path, file, read: (onRead) => (isGzip ? inflated(path, file, onRead) : pieces(path, file, onRead)) };
}

async function* pieces(path: string, file: File, onRead: (fileBytes: number) => void): Bytes {
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    const piece = file.slice(at, at + PIECE_BYTES);
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

async function* inflated(path: string, file: File, onRead: (fileBytes: number) => void): Bytes {
  const raw = streamOf(pieces(path, file, onRead)).pipeThrough(new DecompressionStream("gzip"));
  try {
    yield* bytesFrom(raw);
  } catch (cause) {
    if (codeOf(cause) !== undefined) throw cause;
    const message = `"${path}" is not one whole gzip file: it is cut off, damaged, or several joined into one. Unpack it and import the .jsonl instead.`;
    throw new ArchiverError("CORRUPT", message, { cause });
  }
}
