/** Runs one plan: its actors on one session, phase by phase, then checks the result. */

import { type PortProcess, portsOf, type Step, type Write } from "@session-archiver/conformance/faults";
import { below, seeded } from "@session-archiver/test-kit/random";
import type { Choices } from "../choices.js";
import type { CreateArchiver } from "../run-seeds.js";
import { createScheduler, type Scheduler } from "../scheduler.js";
import { ACTORS } from "./actors.js";
import { checkEnd } from "./ending.js";
import type { ActorPlan, Phase, Plan } from "./plan.js";
import type { Stage } from "./stage.js";
import { createWorld, ID, makeSession, type World } from "./world.js";

/** Enough for others to archive, restore and collect. */
const STALL_STEPS = 150;

/** Gives the number of steps. Rejects if anything is wrong, and says what. */
export async function runSchedule(plan: Plan, choices: Choices, createArchiver: CreateArchiver): Promise<number> {
  const world = createWorld(plan, createArchiver);
  await prepare(world, plan);
  const scheduler = createScheduler(choices.choose);
  const random = seeded(plan.seed ^ 0x1b873593);
  const company = companyOf(world, scheduler, choices, plan);
  for (const phase of plan.phases) {
    const start = scheduler.steps();
    for (const actor of phase.actors) company(actor, phase);
    await scheduler.run(() => phase.cutAfter !== undefined && scheduler.steps() - start >= phase.cutAfter);
    if (phase.cutAfter === undefined) continue;
    scheduler.kill();
    for (const ledger of world.ledgers.values()) ledger.writerDied();
    world.disk.powerCut(random);
  }
  const steps = scheduler.steps();
  await checkEnd(world, plan);
  return steps;
}

async function prepare(world: World, { start, sidecar }: Plan): Promise<void> {
  await makeSession(world, sidecar);
  const archiver = world.archiver(world.disk.ports);
  if (start !== "live") await archiver.archive(ID);
  if (start === "pruned") await archiver.pruneSession(ID);
  if (start === "restored") await archiver.restore(ID);
  if (start === "resumed") {
    const line = world.ledger("output").begin();
    await archiver.recorder(ID, { statsEveryMs: 0 }).append(line);
    world.ledger("output").answer(line, "sure");
  }
  world.disk.sync();
}

/** Starts an actor as a separate process. */
function companyOf(
  world: World,
  scheduler: Scheduler,
  choices: Choices,
  plan: Plan,
): (actor: ActorPlan, phase: Phase) => void {
  const purges = plan.phases.some(({ actors }) => actors.some(({ kind }) => kind === "purger"));
  const later = (effect: () => Promise<unknown>): void => {
    for (const ledger of world.ledgers.values()) ledger.mayComeLate();
    const ghost = scheduler.spawn(async (step) => {
      await step();
      // No caller is left to get this failure.
      await effect().catch(() => undefined);
      world.disk.sync();
    });
    scheduler.delay(ghost, 20);
  };
  const start = (actor: ActorPlan, phase: Phase): void => {
    const random = seeded(actor.seed);
    let calls = 0;
    let steps = 0;
    const stalls = [...(actor.stallsAt ?? [])];
    /** The stalls come in order, so that each comes at the right time. */
    const stallsHere = (at: number | Write): void => {
      if (stalls[0] !== at) return;
      stalls.shift();
      scheduler.delay(number, STALL_STEPS);
    };
    let damaged = false;
    const die = (): void => {
      scheduler.kill(number);
      if (actor.kind !== "writer") return;
      for (const ledger of world.ledgers.values()) ledger.writerDied();
      const { diesAt: _, ...heir } = actor;
      start({ ...heir, seed: below(random, 2 ** 31) }, phase);
    };
    const mortal = (step: Step): Step => {
      const { diesAt, stallsAt } = actor;
      if (diesAt === undefined && stallsAt === undefined) return step;
      return () => {
        if (steps === diesAt) die();
        stallsHere(steps++);
        return step();
      };
    };
    const number = scheduler.spawn(async (step) => {
      const process: PortProcess = {
        step: mortal(step),
        before: stallsHere,
        fault: (kinds) => choices.fault(number, calls++, kinds),
        later,
        delay: () => scheduler.delay(number, 5 + below(random, 40)),
        stepsInBodies: false,
        syncsLate: phase.cutAfter !== undefined,
        synced: () => world.disk.sync(),
        damaged: () => {
          damaged = true;
        },
      };
      const ports = portsOf(world.disk.ports, process);
      const stage: Stage = {
        world,
        ports,
        archiver: world.archiver(ports),
        random,
        rounds: actor.rounds,
        purges,
        faulty: plan.faultPercent > 0,
        damaged: () => damaged,
      };
      await ACTORS[actor.kind](stage);
    });
  };
  return start;
}
