/** Makes a failing schedule smaller: fewer actors and rounds, then fewer switches and faults. */
import { choicesOf, replayOf, type Trace } from "../choices.js";
import { type CreateArchiver, messageOf } from "../run-seeds.js";
import type { ActorPlan, Phase, Plan } from "./plan.js";
import { runSchedule } from "./schedule.js";

/** A schedule that fails: its plan, its decisions, and the failure. */
export interface Failing {
  readonly plan: Plan;
  readonly trace: Trace;
  readonly message: string;
}

/** A smaller plan that passes in this many orders counts as passing. */
const ORDERS = 300;

/** The schedule of this plan, if it fails. */
export async function failingOf(plan: Plan, createArchiver: CreateArchiver): Promise<Failing | undefined> {
  const choices = choicesOf(plan);
  try {
    await runSchedule(plan, choices, createArchiver);
    return undefined;
  } catch (error) {
    return { plan, trace: choices.trace(), message: messageOf(error) };
  }
}

/** A smaller schedule that fails too, or the same one if there is none. */
export async function shrink(failing: Failing, createArchiver: CreateArchiver): Promise<Failing> {
  let smallest = failing;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const plan of smallerPlans(smallest.plan)) {
      const found = await failingInSomeOrder(plan, createArchiver);
      if (!found) continue;
      smallest = found;
      isSmaller = true;
      break;
    }
  }
  return withFewerDecisions(smallest, createArchiver);
}

async function failingInSomeOrder(plan: Plan, createArchiver: CreateArchiver): Promise<Failing | undefined> {
  for (let order = 0; order < ORDERS; order++) {
    const found = await failingOf({ ...plan, seed: plan.seed + order }, createArchiver);
    if (found) return found;
  }
  return undefined;
}

/** The plans that lack one part of it. */
function* smallerPlans(plan: Plan): Generator<Plan> {
  if (plan.phases.length > 1) yield { ...plan, phases: plan.phases.slice(0, -1) };
  for (const [i, phase] of plan.phases.entries()) {
    for (const smaller of smallerPhases(phase)) yield { ...plan, phases: plan.phases.with(i, smaller) };
  }
  if (plan.faultPercent > 0) yield { ...plan, faultPercent: 0 };
  if (plan.clockJumps) yield { ...plan, clockJumps: false };
  if (plan.sidecar) yield { ...plan, sidecar: false };
  if (plan.keepsSum) yield { ...plan, keepsSum: false };
  if (plan.ending !== "rest") yield { ...plan, ending: "rest" };
}

function* smallerPhases({ cutAfter, ...phase }: Phase): Generator<Phase> {
  const cut = cutAfter === undefined ? {} : { cutAfter };
  for (const [i, actor] of phase.actors.entries()) {
    yield { actors: phase.actors.toSpliced(i, 1), ...cut };
    for (const smaller of smallerActors(actor)) yield { actors: phase.actors.with(i, smaller), ...cut };
  }
  if (cutAfter !== undefined) yield phase;
}

function* smallerActors({ diesAt, stallsAt, ...actor }: ActorPlan): Generator<ActorPlan> {
  const dies = diesAt === undefined ? {} : { diesAt };
  const stalls = stallsAt === undefined ? {} : { stallsAt };
  if (diesAt !== undefined) yield { ...actor, ...stalls };
  if (stallsAt !== undefined) yield { ...actor, ...dies };
  if (actor.rounds > 1) yield { ...actor, rounds: actor.rounds - 1, ...dies, ...stalls };
}

/** Leaves out every switch and fault that the failure doesn't need. */
async function withFewerDecisions(failing: Failing, createArchiver: CreateArchiver): Promise<Failing> {
  let smallest = failing;
  const attempt = async (trace: Trace): Promise<void> => {
    const choices = replayOf(trace);
    try {
      await runSchedule(failing.plan, choices, createArchiver);
    } catch (error) {
      smallest = { plan: failing.plan, trace, message: messageOf(error) };
    }
  };
  for (let i = smallest.trace.faults.length - 1; i >= 0; i--) {
    await attempt({ ...smallest.trace, faults: smallest.trace.faults.toSpliced(i, 1) });
  }
  for (let i = smallest.trace.switches.length - 1; i >= 0; i--) {
    await attempt({ ...smallest.trace, switches: smallest.trace.switches.toSpliced(i, 1) });
  }
  return smallest;
}
