/** Runs schedule after schedule, and tells of the first that fails as small as it can be made. */
import { createArchiver as createReal } from "@session-archiver/core";
import { choicesOf } from "./choices.js";
import { planOf } from "./plan.js";
import { runSchedule } from "./schedule.js";
import { type Failing, failingOf, messageOf, shrink } from "./shrink.js";
import type { CreateArchiver } from "./world.js";

export interface SimulateOptions {
  /** The first seed; 1 if not given. */
  readonly seed?: number | undefined;
  /** How many seeds, one after the other; 1,000 if not given. */
  readonly schedules?: number | undefined;
  /** The library; core's if not given. */
  readonly createArchiver?: CreateArchiver | undefined;
  /** Whether a failing schedule is made smaller, which takes up to some seconds; so if not given. */
  readonly shrinks?: boolean | undefined;
}

export interface SimulateResult {
  /** Schedules run, the failing one included. */
  readonly schedules: number;
  /** Port calls and other steps of all of them. */
  readonly steps: number;
  readonly failure?: { readonly seed: number; readonly message: string; readonly smallest?: Failing };
}

/** Stops at the first schedule that fails. */
export async function simulate(options: SimulateOptions = {}): Promise<SimulateResult> {
  const { seed: first = 1, schedules = 1000, createArchiver = createReal, shrinks = true } = options;
  let steps = 0;
  for (let seed = first; seed < first + schedules; seed++) {
    const plan = planOf(seed);
    try {
      steps += await runSchedule(plan, choicesOf(plan), createArchiver);
    } catch (error) {
      // Once more, with what was decided in it.
      const failing = shrinks ? await failingOf(plan, createArchiver) : undefined;
      const smallest = failing && (await shrink(failing, createArchiver));
      const message = messageOf(error);
      return {
        schedules: seed - first + 1,
        steps,
        failure: { seed, message, ...(smallest ? { smallest } : {}) },
      };
    }
  }
  return { schedules, steps };
}

/** A failure for people: the seed, what was wrong, and the smallest schedule that fails. */
export function describeFailure({ seed, message, smallest }: NonNullable<SimulateResult["failure"]>): string {
  if (!smallest) return `seed ${seed}: ${message}`;
  const { plan, trace } = smallest;
  const actors = plan.phases.map((phase) => JSON.stringify(phase)).join("\n  then ");
  return `seed ${seed}: ${message}
made smaller: ${smallest.message}
  start ${plan.start}, sidecar ${plan.sidecar}, clock ${plan.clockJumps ? "jumps" : "goes on"}, ending ${plan.ending}
  ${actors}
  switches [step, process]: ${JSON.stringify(trace.switches)}
  faults [process, call, fault]: ${JSON.stringify(trace.faults)}`;
}
