/** How costs may grow with the number of sessions. */
import type { Costs } from "./costs.js";
import type { Law } from "./steps.js";

export type Measure = keyof Costs;

/** The growth of a cost between two sizes: 0 if it stays, 1 if it is linear, 2 if it is quadratic. */
export function exponent(small: number, large: number, smallSize: number, largeSize: number): number {
  return Math.log(large / small) / Math.log(largeSize / smallSize);
}

/**
 * From this many bytes of a process on, growth tells something: a database reads little while it fits its cache, and a
 * checkpoint of some MB may fall into any step.
 */
const TELLING_BYTES: Readonly<Record<Law, number>> = { linear: 1e6, constant: 8e6 };

/** Whether a cost grew faster than it may. `undefined`, or 0 before and after, is not. */
export function breaks(
  law: Law,
  measure: Measure,
  small: { readonly cost: number | undefined; readonly sessions: number },
  large: { readonly cost: number | undefined; readonly sessions: number },
): boolean {
  if (!large.cost || small.cost === undefined) return false;
  const isOfProcess = measure === "read" || measure === "written";
  const telling = law === "linear" ? small.cost : large.cost;
  if (isOfProcess && telling < TELLING_BYTES[law]) return false;
  return exponent(small.cost, large.cost, small.sessions, large.sessions) > MOST[law][measure];
}

/**
 * The highest exponents. What the process writes and reads includes pages that a database writes again or finds in its
 * cache only while it is small, and processor time includes the machine's noise: so these bounds only tell a
 * quadratic step from a linear one. Calls at once may meet and be repeated.
 */
export const MOST: Readonly<Record<Law, Readonly<Record<Measure, number>>>> = {
  linear: { calls: 1.02, items: 1.02, given: 1.05, taken: 1.02, written: 1.6, read: 1.6, processorMs: 1.4 },
  constant: { calls: 0.1, items: 0.02, given: 0.1, taken: 0.1, written: 0.4, read: 0.4, processorMs: 0.6 },
};
