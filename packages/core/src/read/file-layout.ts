/** How a file lies: in blocks, and in lines of which some are found without a look at its bytes. */
import { hasCode } from "../errors.js";
import type { FileIndex } from "../format/manifest.js";
import { findSegment as findLast, type ReadIndex } from "../format/reader.js";
import type { ArchivedFile } from "../session/archived-file.js";
import type { FileState } from "../session/file-state.js";
import type { OutputCount } from "../session/line-count.js";
import { indexFromManifest, openArchive } from "./archive-index.js";
import { type Block, liveAt, liveBefore, segmentAt, segmentsBefore } from "./blocks.js";
import { archivedIn, type Range } from "./file-bytes.js";
import type { Checkpoint } from "./line-index/checkpoints.js";
import { notedPlaces, placesIn } from "./places.js";

export interface FileLayout {
  /** The natural unit to read around `offset`: the enclosing segment in an archive, 64 KiB of live output. */
  blockAt(offset: number): Promise<Block>;
  /**
   * The blocks before `to`, where a block of an archive ends or anywhere in live output: backwards from there, at least
   * one, and as many as hold `bytes` if they are known without another look at the archive.
   */
  blocksBefore(to: number, bytes: number): Promise<readonly Block[]>;
  /** Places whose line numbers are known, in their order; without an archive's index, those that the metadata notes. */
  places(): Promise<readonly Checkpoint[]>;
  /**
   * A byte range that holds the lines `[from, to)`, as narrow as the archive's index and the metadata allow, and the
   * number of the line that its first byte belongs to.
   */
  seekLines(from: number, to: number): Promise<Range & { readonly line: number }>;
}

/** What it needs to know of the file as it lies now. */
export interface FileAt {
  readonly size: number;
  readonly counted: OutputCount | undefined;
  state(): FileState | undefined;
  /** The archive's index, as far as a read from this offset needs it. */
  indexOf(file: ArchivedFile, from: number): Promise<ReadIndex>;
  /** The archive's index as it is known, or as this opens it whole. */
  wholeIndexOf(file: ArchivedFile, open: typeof openArchive): Promise<FileIndex>;
  /** Does it again if the file has moved meanwhile. */
  retried<T>(work: () => Promise<T>): Promise<T>;
}

export function layoutOf(at: FileAt): FileLayout {
  const noted = notedPlaces(at.counted);
  const placesBy = async (open: typeof openArchive): Promise<readonly Checkpoint[]> => {
    const { file } = archivedIn(at.state());
    return placesIn(file && (await at.wholeIndexOf(file, open)), noted);
  };
  return {
    blockAt: (offset) =>
      at.retried(async () => {
        const { file, archived } = archivedIn(at.state());
        const segment = file && offset < archived && segmentAt(await at.indexOf(file, offset), offset);
        const block = segment || liveAt(offset, archived, at.size);
        // Later output may be in the same segment.
        return { ...block, end: Math.min(block.end, at.size) };
      }),
    blocksBefore: (to, bytes) =>
      at.retried(async () => {
        const { file, archived } = archivedIn(at.state());
        if (file && to <= archived) return segmentsBefore(await at.indexOf(file, to - 1), to, bytes);
        return [liveBefore(noted, archived, to, bytes)];
      }),
    places: () =>
      at.retried(async () => {
        try {
          return await placesBy(indexFromManifest);
        } catch (error) {
          if (!hasCode(error, "CORRUPT", "NOT_FOUND")) throw error; // a read of the archive warns about these
          return placesIn(undefined, noted);
        }
      }),
    seekLines: (from, to) =>
      at.retried(async () => {
        const places = await placesBy(openArchive);
        const first = places[findLast(places, ({ line }) => line < from)];
        const behind = places[findLast(places, ({ line }) => line < to) + 1];
        return { start: first?.offset ?? 0, line: first?.line ?? 0, end: behind?.offset ?? at.size };
      }),
  };
}
