/** Decides which columns there is room for, and how wide they are. */
import type { Measure } from "../output/width.js";
import { DISPENSABLE, type ListColumn, NARROWED, TITLE } from "./cells.js";

/** The cells of all columns. */
export type Line = readonly string[];

export interface Fitted {
  /** Which cell of a line. */
  readonly at: number;
  readonly column: ListColumn;
  readonly width: number;
  /** Whether what is wider is cut. */
  readonly isCut: boolean;
}

/** A title that has less room says nothing. */
const LEAST_TITLE = 20;
/** Nor does any other text. */
const LEAST = 8;

/** `room`: for the text of all columns; without an end, nothing is cut. `gap`: what a column leaves beside its own. */
export function fittedTo(
  room: number,
  all: readonly ListColumn[],
  lines: readonly Line[],
  gap: number,
  measure: Measure,
): readonly Fitted[] {
  const natural = all.map((column, at): Fitted => {
    const width = lines.reduce((most, line) => Math.max(most, measure(line[at] ?? "")), column.title.length);
    return { at, column, width, isCut: false };
  });
  if (room === Number.POSITIVE_INFINITY) return natural;
  let kept = natural.map((one) => ({ ...one, width: Math.min(one.width, one.column.most ?? one.width) }));
  const wanted = Math.min(LEAST_TITLE, natural.find(({ column }) => column === TITLE)?.width ?? 0);
  const forTitle = (): number => {
    const others = kept.reduce((sum, { column, width }) => sum + (column === TITLE ? 0 : width), 0);
    return room + gap * (all.length - kept.length) - others;
  };
  /** By how much a column can be narrower. */
  const spare = ({ column, width }: Fitted): number => (column.most === undefined ? 0 : Math.max(0, width - LEAST));
  const couldBe = (): number => forTitle() + kept.reduce((sum, one) => sum + spare(one), 0);
  for (const column of DISPENSABLE) if (couldBe() < wanted) kept = kept.filter((one) => one.column !== column);
  for (const column of NARROWED) {
    const missing = Math.max(0, wanted - forTitle());
    kept = kept.map((one) =>
      one.column === column ? { ...one, width: one.width - Math.min(spare(one), missing) } : one,
    );
  }
  const title = Math.max(TITLE.title.length, forTitle());
  return kept.map((one) =>
    one.column === TITLE
      ? { ...one, width: Math.min(one.width, title), isCut: true }
      : { ...one, isCut: one.column.most !== undefined },
  );
}
