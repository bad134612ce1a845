/** Runs schedule after schedule of stores, and tells of the first that fails as small as it can be made. */
import { createArchiver as createReal } from "@session-archiver/core";
import { choicesOf, type Trace } from "../choices.js";
import { messageOf } from "../shrink.js";
import type { SimulateOptions } from "../simulate.js";
import { type StoresPlan, storesPlanOf } from "./plan.js";
import { runStoresSchedule } from "./schedule.js";
import { type FailingStores, shrinkStores } from "./shrink.js";

export interface SimulateStoresResult {
  /** Schedules run, the failing one included. */
  readonly schedules: number;
  /** Port calls and other steps of all of them. */
  readonly steps: number;
  readonly failure?: { readonly seed: number; readonly message: string; readonly smallest?: FailingStores };
}

/** Stops at the first schedule that fails. */
export async function simulateStores(options: SimulateOptions = {}): Promise<SimulateStoresResult> {
  const { seed: first = 1, schedules = 1000, createArchiver = createReal, shrinks = true } = options;
  let steps = 0;
  for (let seed = first; seed < first + schedules; seed++) {
    const plan = storesPlanOf(seed);
    try {
      steps += await runStoresSchedule(plan, choicesOf(plan), createArchiver);
    } catch (error) {
      const smallest = shrinks ? await shrinkStores(plan, createArchiver) : undefined;
      const failure = { seed, message: messageOf(error), ...(smallest ? { smallest } : {}) };
      return { schedules: seed - first + 1, steps, failure };
    }
  }
  return { schedules, steps };
}

/** A failure for people: the seed, what was wrong, and the smallest schedule that fails. */
export function describeStoresFailure({
  seed,
  message,
  smallest,
}: NonNullable<SimulateStoresResult["failure"]>): string {
  if (!smallest) return `stores, seed ${seed}: ${message}`;
  const { plan, trace } = smallest;
  return `stores, seed ${seed}: ${message}
made smaller: ${smallest.message}
${describe(plan, trace)}`;
}

function describe({ seed, sinks, sessions, rounds }: StoresPlan, trace: Trace): string {
  const lines = rounds.map(({ workers, turnAfter, turn }) => {
    const works = workers.map(({ catalogue, works, diesAt }) => {
      const all = works.map(([kind, session]) => `${kind} s${session}`).join(", ");
      return `  catalogue ${catalogue}: ${all}${diesAt === undefined ? "" : `; dies at step ${diesAt}`}\n`;
    });
    return `${works.join("")}  ${turnAfter === undefined ? "then" : `after ${turnAfter} steps`} ${JSON.stringify(turn)}`;
  });
  return `  seed ${seed}, sinks of the catalogues ${sinks.join(", ")}, sessions ${sessions}
${lines.join("\n")}
  switches [step, process]: ${JSON.stringify(trace.switches)}`;
}
