/** One file of a session opened for reading by line numbers, through every change of state. */

import { checkCount } from "../../adapter/validate.js";
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { OpOptions } from "../../ports.js";
import { hasChanged } from "../../session/damage.js";
import { type FileState, sizesOf } from "../../session/file-state.js";
import { OUTPUT } from "../../session/metadata.js";
import type { Snapshot } from "../../session/snapshot.js";
import { fileNamed } from "../../session/snapshot-facts.js";
import { indexFromManifest } from "../archive-index.js";
import { type Pages, pagesOf } from "../pages.js";
import { fileIn, type ReadOptions, readable, type SessionReader } from "../read.js";
import { type LineIndex, lineIndex } from "./line-index.js";
import { lineSplitter, type SessionLine } from "./line-splitter.js";

export interface LinesOptions extends ReadOptions {
  /** Raw bytes to be held of what was read last; 8 MiB if not given. One segment or block is held in any case. */
  readonly cacheBytes?: number | undefined;
}

/**
 * The lines of a session's file as it was when it was opened or refreshed last, whatever happens to the session since. Holds
 * the blocks that were read last, and a few bytes for each half MiB it has looked through.
 */
export interface SessionLines {
  /** All lines, an unfinished last one included. Costs one block where the metadata or the archive has counted them. */
  lineCount(): Promise<number>;
  /**
   * Lines `[from, to)`, counted from 0; fewer where there are no more. `maxChars`: of longer lines so many UTF-16 units are
   * given; 64 Mi if not given. Costs the blocks that hold them, where the place of the first is known, and else a search
   * from what is known next to it.
   */
  lines(
    from: number,
    to: number,
    options?: { readonly maxChars?: number | undefined },
  ): Promise<readonly SessionLine[]>;
  /** Sees the session as it is now: with new output, or as another, if it was replaced. */
  refresh(): Promise<void>;
  /** Looks for lines where nobody has asked yet, until the place of all is known or the signal is aborted. */
  indexAll(signal?: AbortSignal): Promise<void>;
}

const CACHE_BYTES = 8 * 1024 * 1024;
const READ_BYTES = 64 * 1024;
/** Longer text can't be made into one string everywhere. */
const LONGEST_LINE = 64 * 1024 * 1024;
const NEWLINE = 10;

/** A file as it was seen, and what is known of its lines. */
interface View {
  /** Where the bytes are: another view takes over where they may be no continuation of these. */
  readonly origin: string;
  readonly index: LineIndex;
  readonly pages: Pages;
  seen: Snapshot;
  file: SessionReader;
}

/** `NOT_FOUND` for an unknown session, `PRUNED` for a pruned one. A session without the file has no lines. */
export async function openLines(ctx: Context, id: string, options: LinesOptions = {}): Promise<SessionLines> {
  const { cacheBytes = CACHE_BYTES, ...read } = options;
  const { name = OUTPUT, ...op } = read;

  const look = async (known?: View): Promise<View> => {
    const seen = await readable(ctx, id, read);
    if (known && !hasChanged(known.seen, seen)) return known;
    const file = fileIn(ctx, seen, read);
    const origin = originOf(fileNamed(seen, name));
    if (known?.origin !== origin || file.size < known.index.end.offset) {
      const view = viewOf({ origin, seen, file }, cacheBytes);
      await adoptManifest(ctx, view, name, op);
      return view;
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
      // It may have been extended further meanwhile.
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
      for (let at = start.offset; at < file.size && !splitter.isDone; at += READ_BYTES) {
        splitter.add(await pages(at, Math.min(file.size, at + READ_BYTES)));
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

function viewOf(of: Pick<View, "origin" | "seen" | "file">, cacheBytes: number): View {
  const { bytes, newlines } = of.file.counted ?? { bytes: 0, newlines: 0 };
  // Of the file as it is seen by then.
  const pages = pagesOf(
    { blockAt: (offset) => view.file.blockAt(offset), read: (range) => view.file.read(range) },
    cacheBytes,
  );
  const view: View = { ...of, pages, index: lineIndex(pages, { offset: bytes, line: newlines }) };
  return view;
}

/** An archive's key and a blob's generation are never used twice. */
function originOf(state: FileState | undefined): string {
  if (!state) return "";
  if ("file" in state && state.file && sizesOf(state).archived > 0) return state.file.archiveKey;
  return "blob" in state ? state.blob.generation : "";
}

/** Takes the archive's lines from its manifest; without one they are looked for like those of live bytes. */
async function adoptManifest(ctx: Context, { seen, index }: View, name: string, op: OpOptions): Promise<void> {
  const state = fileNamed(seen, name);
  if (!state || !("file" in state) || !state.file || sizesOf(state).archived === 0) return;
  const { id, meta } = seen.object;
  try {
    const { segments, rawBytes, newlines } = await indexFromManifest(ctx, id, meta, state.file, op);
    await index.adopt(
      segments.map(({ rawOffset, line }) => ({ offset: rawOffset, line })),
      { offset: rawBytes, line: newlines },
    );
  } catch (error) {
    if (!hasCode(error, "CORRUPT", "NOT_FOUND")) throw error; // a read of the archive warns of these
  }
}
