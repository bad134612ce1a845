/** Puts a new part behind those that stay. */
import { combineCrc32 } from "./crc32.js";
import type { FileIndex } from "./manifest.js";
import { allParts, beginningOf, partsOf, placedSegment } from "./parts.js";

/** The first `kept` parts of a file, and behind them `last`, which has the line numbers and counts of the whole file. */
export function joined(index: FileIndex, kept: number, last: FileIndex): FileIndex {
  if (kept === 0) return last;
  const parts = [...allParts(index).slice(0, kept), ...allParts(last)];
  const all = { ...last, key: index.key, parts };
  const place = partsOf(all).at(-1);
  const end = place?.rawOffset ?? 0;
  const before = index.segments.filter((segment) => segment.rawOffset < end);
  return {
    ...all,
    ...beginningOf(parts),
    archiveBytes: parts.reduce((sum, part) => sum + part.archiveBytes, 0),
    archiveCrc32: parts.reduce((crc, part) => combineCrc32(crc, part.archiveCrc32, part.archiveBytes), 0),
    segments: [...before, ...last.segments.map((segment) => (place ? placedSegment(segment, place, 0) : segment))],
  };
}
