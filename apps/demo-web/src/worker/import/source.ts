/** A file's transcript: its bytes, or its unpacked gzip or zstd data. Can be read more than once. */
import { ArchiverError, type Bytes, codeOf, type ImportSource, MAX_ARCHIVABLE_ID_LENGTH } from "@session-archiver/core";
import { type ImportFile, TRANSCRIPT_ENDING } from "../api.ts";
import { type Packing, unpack, whyNotUnpacked } from "./unpack.ts";

const PIECE_BYTES = 1024 * 1024;
/** A few bytes may unpack to very many: after this many, other calls have a turn, and a cancel is seen. */
const BREATH_BYTES = 16 * 1024 * 1024;

export interface Source {
  /** The path without its ending; the command line names sessions the same way. */
  readonly id: string;
  readonly path: string;
  readonly packing: Packing | undefined;
  /** Opens the transcript. Unpacks packed data to its end first, so that a damaged file is refused before anything is stored. */
  open(onRead: (fileBytes: number) => void): Promise<ImportSource>;
}

/** `INVALID_ARGUMENT` if the name isn't a transcript's. */
export function sourceOf({ path, file }: ImportFile): Source {
  const ending = TRANSCRIPT_ENDING.exec(path);
  const id = path.replace(TRANSCRIPT_ENDING, "");
  if (!ending || id === "" || id.endsWith("/")) {
    throw new ArchiverError(
      "INVALID_ARGUMENT",
      `"${path}" is not a session: its name must end in .jsonl, .jsonl.gz or .jsonl.zst.`,
    );
  }
  if (id.length > MAX_ARCHIVABLE_ID_LENGTH) {
    const message = `The path of "${path.slice(0, 40)}…" is longer than ${MAX_ARCHIVABLE_ID_LENGTH} characters: rename it.`;
    throw new ArchiverError("INVALID_ARGUMENT", message);
  }
  const packing = ending[1]?.toLowerCase() as Packing | undefined;
  const known = { location: path, lastModifiedMs: file.lastModified };
  return {
    id,
    path,
    packing,
    async open(onRead) {
      if (!packing) return { ...known, size: file.size, read: ({ start, end }) => pieces(path, file, start, end) };
      const size = await rawSize(path, file, packing, onRead);
      return { ...known, size, read: ({ start, end }) => between(unpacked(path, file, packing), start, end) };
    },
  };
}

async function rawSize(
  path: string,
  file: File,
  packing: Packing,
  onRead: (fileBytes: number) => void,
): Promise<number> {
  let [size, breath, read] = [0, 0, 0];
  const note = (fileBytes: number): void => {
    read = fileBytes;
    onRead(fileBytes);
  };
  for await (const chunk of unpacked(path, file, packing, note)) {
    size += chunk.length;
    breath += chunk.length;
    if (breath < BREATH_BYTES) continue;
    breath = 0;
    await new Promise((resolve) => setTimeout(resolve));
    onRead(read);
  }
  return size;
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

async function* unpacked(path: string, file: File, packing: Packing, onRead?: (fileBytes: number) => void): Bytes {
  try {
    yield* unpack(pieces(path, file, 0, file.size, onRead), packing);
  } catch (cause) {
    if (codeOf(cause) !== undefined) throw cause;
    throw new ArchiverError("CORRUPT", `"${path}" ${whyNotUnpacked(cause, packing)}`, { cause });
  }
}

/** Bytes `[start, end)` of a stream: packed data can only be read from its start. */
async function* between(bytes: Bytes, start: number, end: number): Bytes {
  let at = 0;
  for await (const chunk of bytes) {
    const part = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at));
    at += chunk.length;
    if (part.length > 0) yield part;
    if (at >= end) return;
  }
}
