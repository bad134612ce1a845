/** Reads a session's bytes wherever they are, through every change of state that happens meanwhile. */
import type { Context } from "../context.js";
import { hasCode, throwIfAborted } from "../errors.js";
import type { FileIndex } from "../format/manifest.js";
import { findSegment, readArchive } from "../format/reader.js";
import { OUTPUT } from "../metadata.js";
import type { ByteRange, Bytes, OpOptions } from "../ports.js";
import { type ArchivedFile, type Part, sizesOf } from "../session.js";
import { resolveRange } from "../validate.js";
import { openArchive } from "./archive-file.js";
import { damaged, differ } from "./damage.js";
import { fileSize, MAX_TRIES, partNamed, refusePruned, type Snapshot, takeSnapshot } from "./snapshot.js";

export interface ReadOptions extends OpOptions {
  /** The blob: the session's output if not given. */
  readonly name?: string | undefined;
}

/** One file of a session, to be read in ranges as it was when it was opened. */
export interface SessionFile {
  /** Bytes in all. */
  readonly size: number;
  read(range?: ByteRange): Bytes;
  /** A byte offset not after the start of a line (from 0), and the number of the line that this byte belongs to. */
  seekLine(line: number): Promise<{ readonly offset: number; readonly line: number }>;
}

/** `NOT_FOUND` for an unknown session, `PRUNED` for a pruned one. A session without the blob reads as empty. */
export async function openFile(ctx: Context, id: string, options: ReadOptions = {}): Promise<SessionFile> {
  const { name = OUTPUT, ...op } = options;
  const indexes = new Map<string, Promise<FileIndex>>();
  let snapshot = await readable(ctx, id, op);
  const size = fileSize(partNamed(snapshot, name));

  const indexOf = (file: ArchivedFile): Promise<FileIndex> => {
    const opened = indexes.get(file.path) ?? openArchive(ctx, id, snapshot.object.meta, file, op);
    indexes.set(file.path, opened);
    return opened;
  };
  async function* read(range?: ByteRange): Bytes {
    let { start, end } = resolveRange(range, size);
    for (let tries = 0; start < end; tries++) {
      throwIfAborted(op.signal, { id });
      try {
        for await (const chunk of partBytes(ctx, partNamed(snapshot, name), { start, end }, indexOf, op)) {
          start += chunk.length;
          tries = 0;
          yield chunk;
        }
        return;
      } catch (error) {
        // Archived, restored or collected under our feet: the same bytes are to be had where they are now.
        if (hasCode(error, "CORRUPT")) throw damaged(id, error);
        if (!hasCode(error, "NOT_FOUND", "CONFLICT")) throw error;
        const before = snapshot;
        snapshot = await readable(ctx, id, op);
        if (tries >= MAX_TRIES || (tries > 0 && !differ(before, snapshot))) throw damaged(id, error);
        indexes.clear();
      }
    }
  }
  return {
    size,
    read,
    async seekLine(line) {
      const part = partNamed(snapshot, name);
      const file = part?.kind === "live" || part?.kind === "restored" ? undefined : part?.file;
      if (!file) return { offset: 0, line: 0 };
      return beforeLine(await indexOf(file), line);
    },
  };
}

async function readable(ctx: Context, id: string, op: OpOptions): Promise<Snapshot> {
  const snapshot = await takeSnapshot(ctx, id, op);
  refusePruned(snapshot);
  return snapshot;
}

/** A place in the archive before the line starts: in the last segment that starts in an earlier line. */
function beforeLine(index: FileIndex, line: number): { offset: number; line: number } {
  const segment = index.segments[findSegment(index.segments, (candidate) => candidate.line < line)];
  return segment ? { offset: segment.rawOffset, line: segment.line } : { offset: 0, line: 0 };
}

async function* partBytes(
  ctx: Context,
  part: Part | undefined,
  range: { readonly start: number; readonly end: number },
  indexOf: (file: ArchivedFile) => Promise<FileIndex>,
  op: OpOptions,
): Bytes {
  if (!part) return;
  const { archived } = sizesOf(part);
  const { start, end } = range;
  if (start < archived && "file" in part && part.file) {
    const index = await indexOf(part.file);
    yield* readArchive(ctx.archives, ctx.codec, index, { start, end: Math.min(end, archived) }, op);
  }
  if (end > archived && "blob" in part) {
    const shift = (part.kind === "tail" ? part.from : 0) - archived;
    yield* ctx.blobs.read(part.blob, { start: Math.max(start, archived) + shift, end: end + shift }, op);
  }
}
