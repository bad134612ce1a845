/** Reads a session's bytes wherever they are, through every change of state that happens meanwhile. */

import { resolveRange } from "../adapter/validate.js";
import { type Context, warn } from "../context.js";
import { ArchiverError, hasCode, throwIfAborted } from "../errors.js";
import type { FileIndex } from "../format/manifest.js";
import { lastKey } from "../format/parts.js";
import type { ReadIndex } from "../format/reader.js";
import type { ByteRange, Bytes, OpOptions } from "../ports.js";
import { type ArchivedFile, lastKeyOf } from "../session/archived-file.js";
import { corruptSession, hasChanged } from "../session/damage.js";
import type { FileState } from "../session/file-state.js";
import { keptSnapshot } from "../session/kept-versions.js";
import { countIn, type OutputCount } from "../session/line-count.js";
import { KEY, numberAt, OUTPUT } from "../session/metadata.js";
import { MAX_TRIES, type Snapshot, takeSnapshot } from "../session/snapshot.js";
import { fileNamed, fileSize, refusePruned } from "../session/snapshot-facts.js";
import { lifeOf } from "../session/versions.js";
import { openArchiveEnd } from "./archive-end.js";
import type { openArchive } from "./archive-index.js";
import { fileBytes, scannedBytes } from "./file-bytes.js";
import { type FileLayout, layoutOf } from "./file-layout.js";
import { lookAtFile } from "./look-at-file.js";
import { type SessionBytes, sessionBytes } from "./session-bytes.js";

export interface ReadOptions extends OpOptions {
  /** The file's name; the session's output by default. */
  readonly name?: string | undefined;
  /** An earlier output that an import has replaced: 1 for the oldest that is kept, as in `info().versions`. */
  readonly version?: number | undefined;
}

/** One file of a session, to be read in ranges as it was when it was opened, whatever happens to the session. */
export interface SessionReader extends FileLayout {
  /** Size in bytes. */
  readonly size: number;
  /** The line count of the file's first bytes, if the metadata has one. */
  readonly counted: OutputCount | undefined;
  read(range?: ByteRange): SessionBytes;
  /**
   * The same bytes, to look through many files quickly: every part is checked by its CRC, but the parts are not counted
   * and summed up once more, and a small archive is read without its manifest. The memory of each array is given back
   * when the next one is asked for: copy what is to be kept.
   */
  scan(range?: ByteRange): Bytes;
}

/**
 * `NOT_FOUND` for an unknown session or version, `PRUNED` for a pruned session. A session without the file reads as
 * empty. If an import replaces the output meanwhile, the reader continues from the version that is kept.
 */
export async function openFile(ctx: Context, id: string, options: ReadOptions = {}): Promise<SessionReader> {
  const { name = OUTPUT, version, ...op } = options;
  if (version !== undefined) return fileIn(ctx, await readable(ctx, id, options), options);
  const seen = await lookAtFile(ctx, id, name, op);
  refusePruned(seen);
  return fileIn(ctx, seen, options);
}

/** Opens a file of a session that was just seen. */
export function fileIn(ctx: Context, seen: Snapshot, options: ReadOptions): SessionReader {
  const { name = OUTPUT, version, ...op } = options;
  const { id } = seen.object;
  /** The number of the version to read; `undefined`: the present output. */
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
  const inMeta = name === OUTPUT ? countIn(snapshot.object.meta) : undefined;
  const counted = inMeta && inMeta.bytes <= size ? inMeta : undefined;
  /** What is known of the archive's index: all of it, or its end. */
  let known: ReadIndex | undefined;

  const indexOf = async (file: ArchivedFile, from: number): Promise<ReadIndex> => {
    known = await openArchiveEnd(ctx, snapshot.object, file, from, known, op);
    return known;
  };
  const wholeIndexOf = async (file: ArchivedFile, open: typeof openArchive): Promise<FileIndex> => {
    if (known && lastKey(known) === lastKeyOf(file) && "newlines" in known) return known as FileIndex;
    const index = await open(ctx, id, snapshot.object.meta, file, op);
    known = index;
    return index;
  };
  const told = new Set<string>();
  /** Once for each fault: parts are read again. */
  const onFault = (error: unknown): void => {
    const { message } = error as ArchiverError;
    if (!told.has(message)) warn(ctx, id, corruptSession(id, error));
    told.add(message);
  };
  /** After a failure, looks at the session again. Throws if the bytes can't have moved elsewhere. */
  const lookAgain = async (error: unknown, tries: number): Promise<void> => {
    // If the file was archived, restored or collected meanwhile, the same bytes are elsewhere now.
    if (hasCode(error, "CORRUPT")) throw corruptSession(id, error);
    if (!hasCode(error, "NOT_FOUND", "CONFLICT")) throw error;
    const before = snapshot;
    snapshot = await look();
    if (kept === undefined && numberAt(snapshot.object.meta, KEY.lostBytes) !== lostBytes) {
      // The present output is not the one that was opened.
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
  async function* bytesIn(source: typeof fileBytes, range: ByteRange | undefined): Bytes {
    let { start, end } = resolveRange(range, size);
    for (let tries = 0; start < end; tries++) {
      throwIfAborted(op.signal, { id });
      try {
        for await (const chunk of source(ctx, state(), { start, end }, { indexOf, onFault }, op)) {
          start += chunk.length;
          tries = 0;
          yield chunk;
        }
        return;
      } catch (error) {
        await lookAgain(error, tries);
      }
    }
  }
  return {
    size,
    counted,
    read: (range) => sessionBytes(() => bytesIn(fileBytes, range)),
    scan: (range) => bytesIn(scannedBytes, range),
    ...layoutOf({ size, counted, state, indexOf, wholeIndexOf, retried }),
  };
}

/** The session, or its version, as it is now. `PRUNED` if there is nothing to read. */
export async function readable(ctx: Context, id: string, options: ReadOptions): Promise<Snapshot> {
  const { name = OUTPUT, version, ...op } = options;
  if (version !== undefined && name !== OUTPUT) {
    const message = `Of earlier versions, only the output is kept, not "${name}".`;
    throw new ArchiverError("INVALID_ARGUMENT", message, { id });
  }
  return readableAs(await takeSnapshot(ctx, id, op), version);
}

function readableAs(now: Snapshot, version: number | undefined): Snapshot {
  if (version !== undefined) return keptSnapshot(now, version);
  refusePruned(now);
  return now;
}
