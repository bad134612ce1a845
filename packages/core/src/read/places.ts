/** Places in a file whose line numbers are known without a look at its bytes. */
import type { FileIndex } from "../format/manifest.js";
import type { OutputCount } from "../session/line-count.js";
import { type Checkpoint, START } from "./line-index/checkpoints.js";

/** Those that the metadata notes. */
export function notedPlaces(counted: OutputCount | undefined): readonly Checkpoint[] {
  if (!counted) return [];
  const { bytes, newlines, marks } = counted;
  const noted = (marks?.newlines ?? []).flatMap((line, i) =>
    line === null ? [] : [{ offset: (i + 1) * (marks?.every ?? 0), line, isNoted: true }],
  );
  return noted.at(-1)?.offset === bytes ? noted : [...noted, { offset: bytes, line: newlines, isNoted: true }];
}

/** Those of an archive's index, and those that are noted of what lies behind it, in their order. */
export function placesIn(index: FileIndex | undefined, noted: readonly Checkpoint[]): readonly Checkpoint[] {
  const segments = (index?.segments ?? []).map(({ rawOffset, line }) => ({ offset: rawOffset, line }));
  const end = index ? { offset: index.rawBytes, line: index.newlines } : START;
  return [...segments, end, ...noted.filter(({ offset }) => offset > end.offset)];
}
