/** Runs one plan of stores: its rounds of workers, the changes of the catalogues between them, then the checks. */

import { type PortProcess, portsOf, type Step } from "@session-archiver/conformance/faults";
import { type Random, seeded } from "@session-archiver/test-kit/random";
import type { Choices } from "../choices.js";
import type { CreateArchiver } from "../run-seeds.js";
import { createScheduler, type Scheduler } from "../scheduler.js";
import type { Catalogue } from "./catalogue.js";
import { checkStoresEnd } from "./ending.js";
import { type Operation, observedPorts } from "./observed.js";
import type { StoresPlan, Worker } from "./plan.js";
import { turn } from "./turns.js";
import { type StoresStage, work, write } from "./workers.js";
import { createStoresWorld, type StoresWorld, sessionId } from "./world.js";

/** Gives the number of steps. Rejects if anything is wrong, and says what. */
export async function runStoresSchedule(
  plan: StoresPlan,
  choices: Choices,
  createArchiver: CreateArchiver,
): Promise<number> {
  const world = createStoresWorld(plan, createArchiver);
  const random = seeded(plan.seed ^ 0x1b873593);
  for (const catalogue of world.catalogues) await prepare(world, catalogue, plan, random);
  const scheduler = createScheduler(choices.choose);
  const running: { readonly number: number; readonly worker: Worker }[] = [];
  for (const round of plan.rounds) {
    const start = scheduler.steps();
    for (const worker of round.workers) {
      const catalogue = world.catalogues[worker.catalogue];
      if (catalogue)
        running.push({ worker, number: spawn(world, catalogue, scheduler, worker, seeded(random() * 2 ** 31)) });
    }
    const { turnAfter } = round;
    await scheduler.run(() => turnAfter !== undefined && scheduler.steps() - start >= turnAfter);
    world.law.check();
    const ended = turn(world, round.turn);
    for (const { number, worker } of running) {
      const isHost = worker.works.some(([kind]) => kind === "write");
      if (isHost || ended.includes(worker.catalogue)) scheduler.kill(number);
    }
  }
  await scheduler.run();
  const steps = scheduler.steps();
  world.law.check();
  await checkStoresEnd(world, plan);
  world.law.check();
  return steps;
}

function spawn(world: StoresWorld, catalogue: Catalogue, scheduler: Scheduler, worker: Worker, random: Random): number {
  let steps = 0;
  const mortal = (step: Step): Step => {
    return () => {
      if (steps++ === worker.diesAt) scheduler.kill(number);
      return step();
    };
  };
  const number: number = scheduler.spawn(async (step) => {
    const process: PortProcess = {
      step: mortal(step),
      before: () => {},
      fault: () => undefined,
      later: () => {},
      delay: () => {},
      syncsLate: false,
      stepsInBodies: false,
      synced: () => {},
      damaged: () => {},
    };
    const operation: Operation = { beganAt: 0, removing: undefined };
    await work(stageOf(world, catalogue, operation, random, process), worker);
  });
  return number;
}

function stageOf(
  world: StoresWorld,
  catalogue: Catalogue,
  operation: Operation,
  random: Random,
  process?: PortProcess,
): StoresStage {
  const observed = observedPorts(world, catalogue, operation);
  const ports = process ? portsOf(observed, process) : observed;
  return { world, catalogue, ports, archiver: world.archiver(ports), operation, random };
}

/** Each catalogue begins with a line in each session; some are archived, and some of those have a tombstone. */
async function prepare(world: StoresWorld, catalogue: Catalogue, plan: StoresPlan, random: Random): Promise<void> {
  const stage = stageOf(world, catalogue, { beganAt: 0, removing: undefined }, random);
  for (let session = 0; session < plan.sessions; session++) {
    const id = sessionId(session);
    await write(stage, new Map(), id);
    const lot = random();
    if (lot < 0.7) await stage.archiver.archive(id);
    if (lot < 0.3) await stage.archiver.pruneSession(id);
    else if (lot < 0.4) await stage.archiver.restore(id);
    else if (lot < 0.5) await write(stage, new Map(), id);
  }
}
