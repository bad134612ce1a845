/** Schedules of one session. */
import { createArchiver } from "@session-archiver/core";
import { choicesOf } from "../choices.js";
import type { Schedules } from "../run-seeds.js";
import { planOf } from "./plan.js";
import { runSchedule } from "./schedule.js";
import { type Failing, failingOf, shrink } from "./shrink.js";

export const sessionSchedules: Schedules = {
  library: createArchiver,
  run(seed, createArchiver) {
    const plan = planOf(seed);
    return runSchedule(plan, choicesOf(plan), createArchiver);
  },
  describe: (seed) => JSON.stringify(planOf(seed)),
  async shrink(seed, createArchiver) {
    const failing = await failingOf(planOf(seed), createArchiver);
    return failing && describe(await shrink(failing, createArchiver));
  },
};

function describe({ plan, trace, message }: Failing): string {
  const actors = plan.phases.map((phase) => JSON.stringify(phase)).join("\n  then ");
  return `made smaller: ${message}
  start ${plan.start}, sidecar ${plan.sidecar}, clock ${plan.clockJumps ? "jumps" : "goes on"}, ending ${plan.ending}
  ${actors}
  switches [step, process]: ${JSON.stringify(trace.switches)}
  faults [process, call, fault]: ${JSON.stringify(trace.faults)}`;
}
