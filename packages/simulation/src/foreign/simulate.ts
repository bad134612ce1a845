/** Schedules of files that other programs write. */

import { type ClaimRule, claimRule } from "@session-archiver/agent-folders";
import { choicesOf } from "../choices.js";
import type { Schedules } from "../run-seeds.js";
import { foreignPlanOf } from "./plan.js";
import { runForeign } from "./schedule.js";
import { type FailingForeign, shrinkForeign } from "./shrink.js";

export const foreignSchedules: Schedules<ClaimRule> = {
  library: claimRule,
  run(seed, rule) {
    const plan = foreignPlanOf(seed);
    return runForeign(plan, choicesOf(plan), rule);
  },
  describe: (seed) => JSON.stringify(foreignPlanOf(seed)),
  async shrink(seed, rule) {
    const smallest = await shrinkForeign(foreignPlanOf(seed), rule);
    return smallest && describe(smallest);
  },
};

function describe({ plan, trace, message }: FailingForeign): string {
  const { actors, ...rest } = plan;
  return `made smaller: ${message}
  ${actors.map((actor) => JSON.stringify(actor)).join("\n  ")}
  ${JSON.stringify(rest)}
  switches [step, process]: ${JSON.stringify(trace.switches)}
  faults [process, call, fault]: ${JSON.stringify(trace.faults)}`;
}
