/** Makes a failing schedule of stores smaller: fewer rounds, workers, works and turns. */
import { choicesOf, type Trace } from "../choices.js";
import { type CreateArchiver, messageOf } from "../run-seeds.js";
import type { Round, StoresPlan, Worker } from "./plan.js";
import { runStoresSchedule } from "./schedule.js";

/** A schedule that fails: its plan, its decisions, and the failure. */
export interface FailingStores {
  readonly plan: StoresPlan;
  readonly trace: Trace;
  readonly message: string;
}

/** A smaller plan that passes in this many orders counts as passing. */
const ORDERS = 40;

/** The smallest failing plan that was found; `undefined` if this one does not fail. */
export async function shrinkStores(
  plan: StoresPlan,
  createArchiver: CreateArchiver,
): Promise<FailingStores | undefined> {
  let smallest = await failingOf(plan, createArchiver);
  for (let found = smallest; found; ) {
    smallest = found;
    found = undefined;
    for (const smaller of smallerPlans(smallest.plan)) {
      found = await failingInSomeOrder(smaller, createArchiver);
      if (found) break;
    }
  }
  return smallest;
}

async function failingInSomeOrder(
  plan: StoresPlan,
  createArchiver: CreateArchiver,
): Promise<FailingStores | undefined> {
  for (let order = 0; order < ORDERS; order++) {
    const found = await failingOf({ ...plan, seed: plan.seed + order }, createArchiver);
    if (found) return found;
  }
  return undefined;
}

async function failingOf(plan: StoresPlan, createArchiver: CreateArchiver): Promise<FailingStores | undefined> {
  const choices = choicesOf(plan);
  try {
    await runStoresSchedule(plan, choices, createArchiver);
    return undefined;
  } catch (error) {
    return { plan, trace: choices.trace(), message: messageOf(error) };
  }
}

function* smallerPlans(plan: StoresPlan): Generator<StoresPlan> {
  const { rounds, sessions, switchChance } = plan;
  for (const i of rounds.keys()) yield { ...plan, rounds: rounds.toSpliced(i, 1) };
  if (sessions > 1) yield { ...plan, sessions: sessions - 1 };
  for (const [i, round] of rounds.entries()) {
    for (const smaller of smallerRounds(round)) yield { ...plan, rounds: rounds.with(i, smaller) };
  }
  if (switchChance > 0) yield { ...plan, switchChance: 0 };
}

function* smallerRounds({ workers, turn, turnAfter }: Round): Generator<Round> {
  const after = turnAfter === undefined ? {} : { turnAfter };
  for (const [i, worker] of workers.entries()) {
    yield { workers: workers.toSpliced(i, 1), turn, ...after };
    for (const smaller of smallerWorkers(worker)) yield { workers: workers.with(i, smaller), turn, ...after };
  }
  if (turnAfter !== undefined) yield { workers, turn };
  if (turn.kind !== "none") yield { workers, turn: { kind: "none", catalogue: 0 }, ...after };
}

function* smallerWorkers({ catalogue, works, diesAt }: Worker): Generator<Worker> {
  const dies = diesAt === undefined ? {} : { diesAt };
  if (diesAt !== undefined) yield { catalogue, works };
  for (const i of works.keys()) {
    if (works.length > 1) yield { catalogue, works: works.toSpliced(i, 1), ...dies };
  }
}
