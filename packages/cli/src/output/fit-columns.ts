/** Decides which columns of a table there is room for, and how wide they are. */

/** How a column may give way where lines must fit. */
export interface Giving {
  /** It may be cut: text at its end, paths at their beginning. */
  readonly cut?: "start" | "end";
  /** It may be left out, if cutting is not enough: 1 goes first. */
  readonly dispensable?: number;
}

export interface FittedColumn {
  /** Which of the columns. */
  readonly at: number;
  readonly width: number;
}

/** What is narrower says nothing. */
const LEAST = 12;

/** `widths`: what the columns would take. `room`: for a line with its gaps; those that fit into it stay as they are. */
export function fitColumns(
  columns: readonly Giving[],
  widths: readonly number[],
  room: number,
  gap: number,
): readonly FittedColumn[] {
  let kept = widths.map((width, at) => ({ at, width, least: columns[at]?.cut ? Math.min(width, LEAST) : width }));
  const missing = (measure: (one: (typeof kept)[number]) => number): number =>
    kept.reduce((sum, one) => sum + measure(one), gap * (kept.length - 1)) - room;
  const rank = (at: number): number => columns[at]?.dispensable ?? 0;
  const dispensable = widths.flatMap((_, at) => (rank(at) > 0 ? [at] : [])).sort((a, b) => rank(a) - rank(b));
  for (const at of dispensable) if (missing(({ least }) => least) > 0) kept = kept.filter((one) => one.at !== at);
  let over = Math.max(
    0,
    missing(({ width }) => width),
  );
  return kept.map(({ at, width, least }) => {
    const less = Math.min(over, width - least);
    over -= less;
    return { at, width: width - less };
  });
}
