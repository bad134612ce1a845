/** Makes a failing schedule of foreign files smaller: fewer actors and rounds, then fewer switches and faults. */
import type { ClaimRule } from "@session-archiver/agent-folders";
import { type Choices, choicesOf, replayOf, type Trace } from "../choices.js";
import { messageOf } from "../run-seeds.js";
import type { ForeignActorPlan, ForeignPlan } from "./plan.js";
import { runForeign } from "./schedule.js";

/** A schedule that fails: its plan, its decisions, and the failure. */
export interface FailingForeign {
  readonly plan: ForeignPlan;
  readonly trace: Trace;
  readonly message: string;
}

/** A smaller plan that passes in this many orders counts as passing. */
const ORDERS = 200;

/** The smallest failing plan that was found; `undefined` if this one does not fail. */
export async function shrinkForeign(plan: ForeignPlan, rule: ClaimRule): Promise<FailingForeign | undefined> {
  let smallest = await failingOf(plan, choicesOf(plan), rule);
  for (let found = smallest; found; ) {
    smallest = found;
    found = undefined;
    for (const smaller of smallerPlans(smallest.plan)) {
      found = await failingInSomeOrder(smaller, kindOf(smallest.message), rule);
      if (found) break;
    }
  }
  return smallest && withFewerDecisions(smallest, rule);
}

/** What is wrong, without what it is wrong with. */
function kindOf(message: string): string {
  return message.slice(0, 12);
}

async function failingInSomeOrder(
  plan: ForeignPlan,
  kind: string,
  rule: ClaimRule,
): Promise<FailingForeign | undefined> {
  for (let order = 0; order < ORDERS; order++) {
    const reordered = { ...plan, seed: plan.seed + order };
    const found = await failingOf(reordered, choicesOf(reordered), rule);
    if (found && kindOf(found.message) === kind) return found;
  }
  return undefined;
}

async function failingOf(plan: ForeignPlan, choices: Choices, rule: ClaimRule): Promise<FailingForeign | undefined> {
  try {
    await runForeign(plan, choices, rule);
    return undefined;
  } catch (error) {
    return { plan, trace: choices.trace(), message: messageOf(error) };
  }
}

function* smallerPlans(plan: ForeignPlan): Generator<ForeignPlan> {
  const { cutAfter, ...uncut } = plan;
  for (const [i, actor] of plan.actors.entries()) {
    yield { ...plan, actors: plan.actors.toSpliced(i, 1) };
    for (const smaller of smallerActors(actor)) yield { ...plan, actors: plan.actors.with(i, smaller) };
  }
  if (cutAfter !== undefined) yield uncut;
  if (plan.faultPercent > 0) yield { ...plan, faultPercent: 0 };
  if (plan.begins !== "placed") yield { ...plan, begins: "placed" };
  if (plan.ending !== "finishes") yield { ...plan, ending: "finishes" };
  if (plan.files > 1) {
    yield { ...plan, files: 1, actors: plan.actors.map((actor) => ({ ...actor, file: 0 })) };
  }
}

function* smallerActors({
  diesAt,
  stallsAt,
  stallsBefore,
  stallsAtCall,
  ...actor
}: ForeignActorPlan): Generator<ForeignActorPlan> {
  const dies = diesAt === undefined ? {} : { diesAt };
  const stalls = {
    ...(stallsAt && { stallsAt }),
    ...(stallsBefore && { stallsBefore, stallsAtCall: stallsAtCall ?? 1 }),
  };
  if (diesAt !== undefined) yield { ...actor, ...stalls };
  if (stallsAt !== undefined || stallsBefore !== undefined) yield { ...actor, ...dies };
  if (actor.rounds > 1) yield { ...actor, rounds: actor.rounds - 1, ...dies, ...stalls };
}

/** Leaves out every switch and fault that the failure doesn't need. */
async function withFewerDecisions(failing: FailingForeign, rule: ClaimRule): Promise<FailingForeign> {
  let smallest = failing;
  const attempt = async (trace: Trace): Promise<void> => {
    const found = await failingOf(failing.plan, replayOf(trace), rule);
    if (found && kindOf(found.message) === kindOf(failing.message)) smallest = { ...found, trace };
  };
  for (let i = smallest.trace.faults.length - 1; i >= 0; i--) {
    await attempt({ ...smallest.trace, faults: smallest.trace.faults.toSpliced(i, 1) });
  }
  for (let i = smallest.trace.switches.length - 1; i >= 0; i--) {
    await attempt({ ...smallest.trace, switches: smallest.trace.switches.toSpliced(i, 1) });
  }
  return smallest;
}
