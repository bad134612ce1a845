/** The middle value, or the mean of the two in the middle; `NaN` for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** The value that this part (0 to 1) of all values don't exceed; `NaN` for an empty list. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

/**
 * The median over the rounds of the ratio of `mine` to `theirs` in the same round, since a machine that is busy for a while
 * slows both. `undefined` if there is nothing to compare.
 */
export function pairedRatio(mine: readonly number[], theirs: readonly number[]): number | undefined {
  const rounds = Math.min(mine.length, theirs.length);
  if (rounds === 0) return undefined;
  return median(mine.slice(0, rounds).map((value, round) => value / (theirs[round] ?? Number.NaN)));
}
