/** Reads a session's bytes wherever they are, through every change of state that happens meanwhile. */

import { resolveRange } from "../adapter/validate.js";
import type { Context } from "../context.js";
import { ArchiverError, hasCode, throwIfAborted } from "../errors.js";
import type { Segment } from "../format/manifest.js";
import { findSegment, type ReadIndex, readArchive } from "../format/reader.js";
import type { ByteRange, Bytes, OpOptions } from "../ports.js";
import type { ArchivedFile } from "../session/archived-file.js";
import { corruptSession, hasChanged } from "../session/damage.js";
import { type FileState, sizesOf } from "../session/file-state.js";
import { keptSnapshot } from "../session/kept-versions.js";
import { countIn, type OutputCount } from "../session/line-count.js";
import { KEY, numberAt, OUTPUT } from "../session/metadata.js";
import { MAX_TRIES, type Snapshot, takeSnapshot } from "../session/snapshot.js";
import { fileNamed, fileSize, refusePruned } from "../session/snapshot-facts.js";
import { lifeOf } from "../session/versions.js";
import { openArchiveEnd } from "./archive-end.js";
import { openArchive } from "./archive-index.js";
import { lookAtFile } from "./look-at-file.js";
import { type SessionBytes, sessionBytes } from "./session-bytes.js";

/** What is read at a time of live bytes. */
const LIVE_BLOCK_BYTES = 256 * 1024;

export interface ReadOptions extends OpOptions {
  /** The blob: the session's output if not given. */
  readonly name?: string | undefined;
  /**
   * An earlier output, which an import has replaced when its source was rewritten: 1 for the oldest that is kept, as
   * `info().versions` lists them.
   */
  readonly version?: number | undefined;
}

/** One file of a session, to be read in ranges as it was when it was opened, whatever happens to the session. */
export interface SessionReader {
  /** Bytes in all. */
  readonly size: number;
  /** Lines of the first `bytes`, where the metadata says so. */
  readonly counted: OutputCount | undefined;
  read(range?: ByteRange): SessionBytes;
  /** The bytes round one of the file's, up to a few MB, that are best read with it: in an archive its segment. */
  blockAt(offset: number): Promise<Range>;
  /**
   * Bytes that hold the lines `[from, to)`, as far as the archive's index can tell, and the number of the line that the
   * first of them belongs to.
   */
  seekLines(from: number, to: number): Promise<Range & { readonly line: number }>;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * `NOT_FOUND` for an unknown session or version, `PRUNED` for a pruned session. A session without the blob reads as empty.
 * Where an import replaces the output meanwhile, what was opened goes on to be read out of the version that is kept.
 */
export async function openFile(ctx: Context, id: string, options: ReadOptions = {}): Promise<SessionReader> {
  const { name = OUTPUT, version, ...op } = options;
  if (version !== undefined) return fileIn(ctx, await readable(ctx, id, options), options);
  const seen = await lookAtFile(ctx, id, name, op);
  refusePruned(seen);
  return fileIn(ctx, seen, options);
}

/** The same of a session as it was just seen. */
export function fileIn(ctx: Context, seen: Snapshot, options: ReadOptions): SessionReader {
  const { name = OUTPUT, version, ...op } = options;
  const { id } = seen.object;
  /** The number of the version that is read; `undefined`: what the session holds now. */
  let kept = version;
  const life = lifeOf(seen.object.meta);
  const look = async (): Promise<Snapshot> => {
    const now = await lookAtFile(ctx, id, name, op);
    if (name === OUTPUT && lifeOf(now.object.meta) > life) kept ??= life + 1;
    return readableAs(now, kept);
  };
  let snapshot = seen;
  const state = (): FileState | undefined => fileNamed(snapshot, name);
  const size = fileSize(state());
  const lostBytes = numberAt(snapshot.object.meta, KEY.lostBytes);
  const counted = name === OUTPUT ? countIn(snapshot.object.meta) : undefined;
  /** What is known of the archive: all, or its end. */
  let known: ReadIndex | undefined;

  const indexOf = async (file: ArchivedFile, from: number): Promise<ReadIndex> => {
    known = await openArchiveEnd(ctx, snapshot.object, file, from, known, op);
    return known;
  };
  /** After a failure: passes if what was sought may be elsewhere by now. */
  const lookAgain = async (error: unknown, tries: number): Promise<void> => {
    // Archived, restored or collected under our feet: the same bytes are to be had where they are now.
    if (hasCode(error, "CORRUPT")) throw corruptSession(id, error);
    if (!hasCode(error, "NOT_FOUND", "CONFLICT")) throw error;
    const before = snapshot;
    snapshot = await look();
    if (kept === undefined && numberAt(snapshot.object.meta, KEY.lostBytes) !== lostBytes) {
      // What is there now is the output of another life.
      throw new ArchiverError("PRUNED", `Session "${id}" was pruned while it was being read.`, { id });
    }
    if (tries >= MAX_TRIES || (tries > 0 && !hasChanged(before, snapshot))) throw corruptSession(id, error);
  };
  const retried = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries++) {
      throwIfAborted(op.signal, { id });
      try {
        return await work();
      } catch (error) {
        await lookAgain(error, tries);
      }
    }
  };
  const file: Omit<SessionReader, "read"> & { read(range?: ByteRange): Bytes } = {
    size,
    counted: counted && counted.bytes <= size ? counted : undefined,
    async *read(range) {
      let { start, end } = resolveRange(range, size);
      for (let tries = 0; start < end; tries++) {
        throwIfAborted(op.signal, { id });
        try {
          for await (const chunk of partBytes(ctx, state(), { start, end }, indexOf, op)) {
            start += chunk.length;
            tries = 0;
            yield chunk;
          }
          return;
        } catch (error) {
          await lookAgain(error, tries);
        }
      }
    },
    blockAt: (offset) =>
      retried(async () => {
        const { file, archived } = archivedIn(state());
        const segment = file && offset < archived && segmentAt(await indexOf(file, offset), offset);
        if (segment) return { start: segment.rawOffset, end: segment.rawOffset + segment.rawSize };
        const start = Math.max(archived, offset - (offset % LIVE_BLOCK_BYTES));
        return { start, end: Math.min(size, start + LIVE_BLOCK_BYTES) };
      }),
    seekLines: (from, to) =>
      retried(async () => {
        const { file } = archivedIn(state());
        known = file && (await openArchive(ctx, id, snapshot.object.meta, file, op));
        const segments = known?.segments ?? [];
        const first = segments[findSegment(segments, (segment) => segment.line < from)];
        const behind = segments[findSegment(segments, (segment) => segment.line < to) + 1];
        return { start: first?.rawOffset ?? 0, line: first?.line ?? 0, end: behind?.rawOffset ?? size };
      }),
  };
  return { ...file, read: (range) => sessionBytes(() => file.read(range)) };
}

/** The session, or its version, as it is now. `PRUNED` if there is nothing to be read. */
export async function readable(ctx: Context, id: string, options: ReadOptions): Promise<Snapshot> {
  const { name = OUTPUT, version, ...op } = options;
  if (version !== undefined && name !== OUTPUT) {
    const message = `Of earlier versions the output is kept, and no "${name}".`;
    throw new ArchiverError("INVALID_ARGUMENT", message, { id });
  }
  return readableAs(await takeSnapshot(ctx, id, op), version);
}

function readableAs(now: Snapshot, version: number | undefined): Snapshot {
  if (version !== undefined) return keptSnapshot(now, version);
  refusePruned(now);
  return now;
}
/** The archived file that the part starts with, and how many of its bytes it is. */
function archivedIn(state: FileState | undefined): {
  readonly file: ArchivedFile | undefined;
  readonly archived: number;
} {
  const archived = state ? sizesOf(state).archived : 0;
  return { archived, file: archived > 0 && state && "file" in state ? state.file : undefined };
}

function segmentAt({ segments }: ReadIndex, offset: number): Segment | undefined {
  return segments[findSegment(segments, (segment) => segment.rawOffset <= offset)];
}

async function* partBytes(
  ctx: Context,
  state: FileState | undefined,
  { start, end }: Range,
  indexOf: (file: ArchivedFile, from: number) => Promise<ReadIndex>,
  op: OpOptions,
): Bytes {
  const { file, archived } = archivedIn(state);
  if (file && start < archived) {
    const index = await indexOf(file, start);
    yield* readArchive(ctx.archives, ctx.codec, index, { start, end: Math.min(end, archived) }, op);
  }
  if (state && "blob" in state && end > archived) {
    const shift = (state.kind === "continuation" ? state.from : 0) - archived;
    yield* ctx.blobs.read(state.blob, { start: Math.max(start, archived) + shift, end: end + shift }, op);
  }
}
