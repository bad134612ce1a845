/** Schedules of stores. */
import { createArchiver } from "@session-archiver/core";
import { choicesOf } from "../choices.js";
import type { Schedules } from "../run-seeds.js";
import { storesPlanOf } from "./plan.js";
import { runStoresSchedule } from "./schedule.js";
import { type FailingStores, shrinkStores } from "./shrink.js";

export const storesSchedules: Schedules = {
  library: createArchiver,
  run(seed, createArchiver) {
    const plan = storesPlanOf(seed);
    return runStoresSchedule(plan, choicesOf(plan), createArchiver);
  },
  describe: (seed) => JSON.stringify(storesPlanOf(seed)),
  async shrink(seed, createArchiver) {
    const smallest = await shrinkStores(storesPlanOf(seed), createArchiver);
    return smallest && describe(smallest);
  },
};

function describe({ plan: { seed, sinks, sessions, rounds }, trace, message }: FailingStores): string {
  const lines = rounds.map(({ workers, turnAfter, turn }) => {
    const works = workers.map(({ catalogue, works, diesAt }) => {
      const all = works.map(([kind, session]) => `${kind} s${session}`).join(", ");
      return `  catalogue ${catalogue}: ${all}${diesAt === undefined ? "" : `; dies at step ${diesAt}`}\n`;
    });
    return `${works.join("")}  ${turnAfter === undefined ? "then" : `after ${turnAfter} steps`} ${JSON.stringify(turn)}`;
  });
  return `made smaller: ${message}
  seed ${seed}, sinks of the catalogues ${sinks.join(", ")}, sessions ${sessions}
${lines.join("\n")}
  switches [step, process]: ${JSON.stringify(trace.switches)}`;
}
