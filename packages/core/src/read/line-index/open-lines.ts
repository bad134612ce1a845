/** Opens one file of a session for reading by line numbers, through every change of state. */

import { checkCount } from "../../adapter/validate.js";
import { release } from "../../bytes.js";
import { type Context, heardBy } from "../../context.js";
import type { WarningOptions } from "../../events.js";
import type { Bytes } from "../../ports.js";
import { hasChanged } from "../../session/damage.js";
import { type FileState, sizesOf } from "../../session/file-state.js";
import { OUTPUT } from "../../session/metadata.js";
import type { Snapshot } from "../../session/snapshot.js";
import { fileNamed } from "../../session/snapshot-facts.js";
import { type Pages, pagesOf } from "../pages.js";
import { fileIn, type ReadOptions, readable, type SessionReader } from "../read.js";
import { type LineIndex, lineIndex } from "./line-index.js";
import { lineSplitter, type SessionLine } from "./line-splitter.js";

export interface LinesOptions extends ReadOptions, WarningOptions {
  /** Raw bytes of recent blocks to hold; 8 MiB by default. One segment or block is held in any case. */
  readonly cacheBytes?: number | undefined;
}

/**
 * The lines of a session's file as it was when last opened or refreshed, whatever happens to the session since. Holds
 * the most recently read blocks, and a few bytes for each half MiB that it has looked through.
 */
export interface SessionLines {
  /**
   * Number of lines, including an unfinished last one. Costs one block if the metadata or the archive has their count.
   */
  lineCount(): Promise<number>;
  /**
   * Lines `[from, to)`, counted from 0; fewer at the end of the file. Lines longer than `maxChars` UTF-16 units are
   * cut; 16 Mi by default. Costs the blocks that hold them if the place of the first line is known, or else a search
   * from the nearest known place. The rest of a line that was cut is not read if the end of the line is known.
   */
  lines(
    from: number,
    to: number,
    options?: { readonly maxChars?: number | undefined },
  ): Promise<readonly SessionLine[]>;
  /** Shows the session as it is now: with new output, or with another output if it was replaced. */
  refresh(): Promise<void>;
  /** Looks for lines that nobody has asked for yet, until the places of all are known or the signal is aborted. */
  indexAll(signal?: AbortSignal): Promise<void>;
}

const CACHE_BYTES = 8 * 1024 * 1024;
/** Lines are read in steps, doubled until they are all there. */
const FIRST_READ_BYTES = 64 * 1024;
const LARGEST_READ_BYTES = 1024 * 1024;
/** A longer text, and what is made of it, would take too much memory. */
const LONGEST_LINE = 16 * 1024 * 1024;
const NEWLINE = 10;

/** A file as it was seen, and what is known of its lines. */
interface View {
  /** Where the bytes are: if this changes, they may not continue the earlier ones, and a new view replaces this one. */
  readonly origin: string;
  readonly index: LineIndex;
  readonly pages: Pages;
  seen: Snapshot;
  file: SessionReader;
}

/** `NOT_FOUND` for an unknown session, `PRUNED` for a pruned one. A session without the file has no lines. */
export async function openLines(context: Context, id: string, options: LinesOptions = {}): Promise<SessionLines> {
  const { cacheBytes = CACHE_BYTES, onWarning, ...read } = options;
  const ctx = heardBy(context, onWarning);
  const { name = OUTPUT } = read;

  const look = async (known?: View): Promise<View> => {
    const seen = await readable(ctx, id, read);
    if (known && !hasChanged(known.seen, seen)) return known;
    const file = fileIn(ctx, seen, read);
    const origin = originOf(fileNamed(seen, name));
    if (known?.origin !== origin || file.size < known.index.end.offset) {
      return viewOf({ origin, seen, file }, cacheBytes);
    }
    known.seen = seen;
    known.file = file;
    return known;
  };
  let view = await look();
  return {
    async lineCount() {
      const { file, index, pages } = view;
      await index.extendTo(file.size);
      // Another call may have extended it further.
      const { offset, line } = index.end;
      const isOpen = offset > 0 && (await pages(offset - 1, offset))[0] !== NEWLINE;
      return isOpen ? line + 1 : line;
    },
    async lines(from, to, { maxChars = LONGEST_LINE } = {}) {
      checkCount(from, "first line");
      checkCount(to, "last line");
      checkCount(maxChars, "number of characters");
      const { index, pages, file } = view;
      if (to <= from) return [];
      const start = await index.seek(from, file.size);
      const splitter = lineSplitter(from, to, start.line, maxChars);
      for (let at = start.offset, size = FIRST_READ_BYTES; at < file.size && !splitter.isDone; ) {
        const next = splitter.isFull ? index.skipWithin(splitter.line, at) : at;
        splitter.skip(next - at);
        at = Math.min(file.size, next + size);
        if (next < at) {
          const page = await pages(next, at);
          splitter.add(page);
          release(page);
        }
        size = Math.min(size * 2, LARGEST_READ_BYTES);
      }
      return splitter.end();
    },
    async refresh() {
      view = await look(view);
    },
    async indexAll(signal) {
      while (!signal?.aborted && (await view.index.grow(view.file.size)));
    },
  };
}

async function viewOf(of: Pick<View, "origin" | "seen" | "file">, cacheBytes: number): Promise<View> {
  // Uses the file of the view at the time of the call.
  const { pages } = pagesOf(
    { blockAt: (offset) => view.file.blockAt(offset), read: (range) => copied(view.file.scan(range)) },
    cacheBytes,
  );
  const view: View = { ...of, pages, index: lineIndex(pages, await of.file.places()) };
  return view;
}

/** A scan takes its memory back, except that of live output. */
async function* copied(bytes: Bytes): Bytes {
  for await (const chunk of bytes) {
    const copy = chunk.slice();
    release(chunk);
    yield copy;
  }
}

/** Archive keys and blob generations are never used twice. */
function originOf(state: FileState | undefined): string {
  if (!state) return "";
  if ("file" in state && state.file && sizesOf(state).archived > 0) return state.file.archiveKey;
  return "blob" in state ? state.blob.generation : "";
}
