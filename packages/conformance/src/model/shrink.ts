/** Makes a failing history smaller: first fewer steps, then simpler ones. */
import type { Difference } from "./compare.js";
import type { Step } from "./step.js";

/** Runs a history. Gives the difference, if there is one. */
export type Try = (steps: readonly Step[]) => Promise<Difference | undefined>;

/** The most attempts; after them the smallest history so far is the result. Some stores take long for each. */
const MOST = 300;
const MOST_MS = 10_000;

export async function shrink(first: Difference, attempt: Try): Promise<Difference> {
  const end = performance.now() + MOST_MS;
  let left = MOST;
  let smallest = first;
  const isSmaller = async (steps: readonly Step[]): Promise<boolean> => {
    if (left-- <= 0 || performance.now() > end) return false;
    const found = await attempt(steps);
    if (found) smallest = found;
    return found !== undefined;
  };

  /** Whether the step at this place could be replaced by a simpler one. */
  const isSimplerAt = async (at: number): Promise<boolean> => {
    for (const simpler of smallest.steps[at]?.simpler?.() ?? []) {
      if (await isSmaller(smallest.steps.with(at, simpler))) return true;
    }
    return false;
  };

  for (let count = first.steps.length; count > 0; count >>= 1) {
    for (let at = 0; at < smallest.steps.length; ) {
      if (!(await isSmaller(smallest.steps.toSpliced(at, count)))) at += count;
    }
  }
  for (let at = 0; at < smallest.steps.length; at++) while (await isSimplerAt(at));
  return smallest;
}
