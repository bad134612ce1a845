/** Marks in the count of an output: how many line ends come before some places in it, so that lines in its middle are found. */
import type { Json, Meta } from "../ports.js";
import { countAt } from "./metadata.js";

/** At regular distances; few enough to stay beside the session's other metadata. */
export interface LineMarks {
  /** Bytes from one mark to the next. */
  readonly every: number;
  /** Line ends before byte `every`, `2 * every`, ...; `null` where they are unknown. */
  readonly newlines: readonly (number | null)[];
}

/** An output of up to 256 MiB has a mark for each MiB; of a larger one, the distance is doubled until they suffice. */
const FIRST_DISTANCE = 1024 * 1024;
const MOST_MARKS = 256;

export const NO_MARKS: LineMarks = { every: FIRST_DISTANCE, newlines: [] };

/** With what was counted up to `bytes`, which is a multiple of the distance. Marks that were missed so far are unknown. */
export function withMark({ every, newlines }: LineMarks, bytes: number, count: number): LineMarks {
  let marks = [...newlines, ...Array<null>(bytes / every - 1 - newlines.length).fill(null), count];
  let distance = every;
  for (; marks.length > MOST_MARKS; distance *= 2) marks = marks.filter((_, i) => i % 2 === 1);
  return { every: distance, newlines: marks };
}

/** As the metadata holds them, with a count of `bytes` bytes. */
export function storedMarks({ every, newlines }: LineMarks, bytes: number): Meta {
  const marks = newlines.slice(0, Math.floor(bytes / every));
  return marks.length === 0 ? {} : { every, marks };
}

/** The marks in a stored count; none if they can't be those of this many bytes and line ends. */
export function marksIn(counted: Meta, bytes: number, lineEnds: number): LineMarks | undefined {
  const every = countAt(counted, "every") ?? 0;
  const marks: Json | undefined = counted["marks"];
  if (every < FIRST_DISTANCE || !Array.isArray(marks)) return undefined;
  if (marks.length > MOST_MARKS || marks.length * every > bytes) return undefined;
  let before = 0;
  for (const mark of marks) {
    if (mark === null) continue;
    if (!Number.isSafeInteger(mark) || mark < before || mark > lineEnds) return undefined;
    before = mark;
  }
  return { every, newlines: marks };
}
