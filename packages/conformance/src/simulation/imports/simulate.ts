/** Runs schedule after schedule of imports, and tells of the first that fails. */
import { createArchiver as createReal } from "@session-archiver/core";
import { choicesOf } from "../choices.js";
import { messageOf } from "../shrink.js";
import type { SimulateOptions } from "../simulate.js";
import { importsPlanOf } from "./plan.js";
import { runImports } from "./schedule.js";

export interface SimulateImportsResult {
  readonly schedules: number;
  readonly steps: number;
  readonly failure?: { readonly seed: number; readonly message: string };
}

export async function simulateImports(options: SimulateOptions = {}): Promise<SimulateImportsResult> {
  const { seed: first = 1, schedules = 1000, createArchiver = createReal } = options;
  let steps = 0;
  for (let seed = first; seed < first + schedules; seed++) {
    const plan = importsPlanOf(seed);
    try {
      steps += await runImports(plan, choicesOf(plan), createArchiver);
    } catch (error) {
      return { schedules: seed - first + 1, steps, failure: { seed, message: messageOf(error) } };
    }
  }
  return { schedules, steps };
}

/** A failure for people: the seed, what was wrong, and what was at work. */
export function describeImportsFailure({ seed, message }: { readonly seed: number; readonly message: string }): string {
  return `seed ${seed}: ${message}\n  ${JSON.stringify(importsPlanOf(seed))}`;
}
