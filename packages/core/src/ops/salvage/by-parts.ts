/** Takes a damaged file that lies in several archive files apart, and puts together what was found of each. */
import type { FileIndex } from "../../format/manifest.js";
import { ownSegment, type PlacedPart, segmentsOf } from "../../format/parts.js";
import { type ArchivedFile, partsOfFile } from "../../session/archived-file.js";
import type { RawBytes } from "./donors.js";
import type { Found, Run, Saved } from "./saved.js";

/** One part, as a file of its own. */
export interface FilePart {
  readonly file: ArchivedFile;
  /** Its index; line numbers are those of the whole file. */
  readonly index: FileIndex | undefined;
  readonly place: PlacedPart;
}

/** `index`: that of the whole file. */
export function partsIn(file: ArchivedFile, index: FileIndex | undefined): readonly FilePart[] {
  const all = partsOfFile(file);
  // Of an empty one nothing is found, which would look as if the beginning of the next one was lost.
  const filled = all.filter(({ rawBytes }) => rawBytes > 0);
  return (filled.length > 0 ? filled : all).map((place) => {
    const { key, rawBytes, archiveBytes, crc32 } = place;
    const { parts: _, ...whole } = file;
    const own = index && segmentsOf(index.segments, place).map((segment) => ownSegment(segment, place, 0));
    return {
      place,
      file: { ...whole, archiveKey: key, rawBytes, archiveBytes, crc32 },
      index: index && own && { ...index, key, rawBytes, archiveBytes, crc32, segments: own },
    };
  });
}

/** Bytes of the whole file, by their places in the part. */
export function withinPart(bytes: RawBytes, { rawOffset }: PlacedPart): RawBytes {
  return {
    from: bytes.from,
    start: bytes.start - rawOffset,
    end: bytes.end - rawOffset,
    read: (start, end) => bytes.read(start + rawOffset, end + rawOffset),
  };
}

/**
 * What was found of all parts. `isNumbered`: whether the line numbers are those of the whole file; else they begin anew in
 * each part, and are known only as far as everything before was found.
 */
export function together(founds: readonly Found[], isNumbered: boolean, totalLines: number | undefined): Found {
  const runs: Run[] = [];
  /** Whether the last run goes up to the end of its part. */
  let isAtEnd = true;
  /** How many line ends come before the part, if all of them were found. */
  let newlines: number | undefined = 0;
  for (const found of founds) {
    const isAll = isWhole(found);
    const goesOn = isAtEnd;
    isAtEnd = found.runs.at(-1)?.isLast ?? false;
    for (const [i, run] of found.runs.entries()) {
      const before = i === 0 && run.isFirst && goesOn ? runs.pop() : undefined;
      const line = isNumbered || run.line === undefined ? run.line : plus(newlines, run.line);
      const isFirst: boolean = run.isFirst && (before ? before.isFirst : found === founds[0]);
      const pieces: readonly Saved[] = [...(before?.pieces ?? []), ...run.pieces];
      runs.push({ pieces, isFirst, isLast: false, line: before ? before.line : line });
    }
    newlines = isAll ? plus(newlines, newlinesOf(found)) : undefined;
  }
  const last = runs.pop();
  const end = founds.at(-1);
  return {
    runs: last ? [...runs, { ...last, isLast: isAtEnd }] : [],
    totalLines: totalLines ?? (isNumbered ? end?.totalLines : undefined),
    isExact: totalLines !== undefined || (isNumbered && end?.isExact === true),
  };
}

function isWhole({ runs }: Found): boolean {
  const [only, ...more] = runs;
  return more.length === 0 && only?.isFirst === true && only.isLast;
}

function newlinesOf({ runs }: Found): number {
  return runs.flatMap(({ pieces }) => pieces).reduce((sum, piece) => sum + piece.newlines, 0);
}

function plus(a: number | undefined, b: number): number | undefined {
  return a === undefined ? undefined : a + b;
}
