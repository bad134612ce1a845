/** Schedules of imports. */
import { createArchiver } from "@session-archiver/core";
import { choicesOf } from "../choices.js";
import type { Schedules } from "../run-seeds.js";
import { importsPlanOf } from "./plan.js";
import { runImports } from "./schedule.js";

export const importsSchedules: Schedules = {
  library: createArchiver,
  run(seed, createArchiver) {
    const plan = importsPlanOf(seed);
    return runImports(plan, choicesOf(plan), createArchiver);
  },
  describe: (seed) => JSON.stringify(importsPlanOf(seed)),
};
