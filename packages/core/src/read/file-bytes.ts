/** The bytes of a file where they lie now: first those in the archive, then the live ones. */
import { release, unshared } from "../bytes.js";
import type { Context } from "../context.js";
import { type ReadIndex, readArchive } from "../format/reader.js";
import { type OnFault, scanSegments } from "../format/scan-segments.js";
import { isSmall, readSmallArchive } from "../format/small-archive.js";
import type { Bytes, OpOptions } from "../ports.js";
import type { ArchivedFile } from "../session/archived-file.js";
import { type FileState, sizesOf } from "../session/file-state.js";

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What a read needs besides. */
export interface FileAccess {
  /** Opens the archive's index as far as a read from this offset needs it. */
  indexOf(file: ArchivedFile, from: number): Promise<ReadIndex>;
  /** Hears of what is wrong with an archive all of whose bytes a scan can read. */
  readonly onFault: OnFault;
}

/** The archived file that the file starts with, and how many of its bytes belong to it. */
export function archivedIn(state: FileState | undefined): {
  readonly file: ArchivedFile | undefined;
  readonly archived: number;
} {
  const archived = state ? sizesOf(state).archived : 0;
  return { archived, file: archived > 0 && state && "file" in state ? state.file : undefined };
}

/** Reads a part of an archive. */
type ReadArchived = (ctx: Context, file: ArchivedFile, range: Range, access: FileAccess, op: OpOptions) => Bytes;

type ReadFile = (ctx: Context, state: FileState | undefined, range: Range, access: FileAccess, op: OpOptions) => Bytes;

export const fileBytes: ReadFile = readingWith(async function* (ctx, file, range, { indexOf }, op) {
  yield* readArchive(ctx.archives, ctx.codec, await indexOf(file, range.start), range, op);
});

/** The same, each segment checked by its own CRC only; a small archive without its index. */
export const scannedBytes: ReadFile = readingWith(async function* (ctx, file, range, { indexOf, onFault }, op) {
  const small = isSmall(file) && !file.parts ? await readSmallArchive(ctx.archives, ctx.codec, file, op) : undefined;
  if (small) {
    yield small.subarray(range.start, range.end);
    release(small);
  }
  // Whatever is wrong with it, the index shows it, or there is another way to the bytes.
  else yield* scanSegments(ctx.archives, ctx.codec, await indexOf(file, range.start), range, onFault, op);
});

function readingWith(readArchived: ReadArchived): ReadFile {
  return async function* (ctx, state, { start, end }, access, op) {
    const { file, archived } = archivedIn(state);
    if (file && start < archived) yield* readArchived(ctx, file, { start, end: Math.min(end, archived) }, access, op);
    yield* liveBytes(ctx, state, { start, end }, op);
  };
}

async function* liveBytes(ctx: Context, state: FileState | undefined, { start, end }: Range, op: OpOptions): Bytes {
  const { archived } = archivedIn(state);
  if (!state || !("blob" in state) || end <= archived) return;
  const shift = (state.kind === "continuation" ? state.from : 0) - archived;
  const range = { start: Math.max(start, archived) + shift, end: end + shift };
  // Readers give back the memory of what they get.
  yield* unshared(ctx.blobs.read(state.blob, range, op));
}
