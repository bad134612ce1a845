/** Runs one plan: writers and our own processes on one unit, then later runs, and checks the result. */
import type { ClaimRule } from "@session-archiver/agent-folders";
import type { Step } from "@session-archiver/conformance/faults";
import { below, oneOf, seeded } from "@session-archiver/test-kit/random";
import type { WriterFile } from "@session-archiver/test-kit/simulated-files";
import type { Choices } from "../choices.js";
import { createScheduler } from "../scheduler.js";
import { type CallFault, contextOf } from "./context.js";
import { checkEnd } from "./ending.js";
import type { ForeignActorPlan, ForeignPlan } from "./plan.js";
import { restore, sweep } from "./sweeper.js";
import { createForeignWorld, type ForeignWorld, ROOT } from "./world.js";
import { WRITERS } from "./writers.js";

const STALL_STEPS = 60;

/** Gives the number of steps. Rejects if anything is wrong, and says what. */
export async function runForeign(plan: ForeignPlan, choices: Choices, rule: ClaimRule): Promise<number> {
  const world = createForeignWorld(plan);
  const opened = plan.begins === "held" ? await takeWhileOpen(world, plan, rule) : [];
  const scheduler = createScheduler(choices.choose);
  for (const actor of plan.actors) {
    const random = seeded(actor.seed);
    let steps = 0;
    let calls = 0;
    let callsLeft = actor.stallsAtCall ?? 0;
    const number = scheduler.spawn(async (next) => {
      const step = async (call?: string): Promise<void> => {
        if (steps === actor.diesAt) {
          scheduler.kill(number);
          died(world, plan, number);
        }
        const stallsHere = call !== undefined && call === actor.stallsBefore && --callsLeft === 0;
        if (steps++ === actor.stallsAt || stallsHere) scheduler.delay(number, STALL_STEPS);
        await next();
        world.now();
        world.acting = number;
      };
      const { kind, file, rounds } = actor;
      if (kind === "clock") return clock(world, actor, step);
      if (kind !== "sweeper" && kind !== "restorer") {
        const path = world.paths[file] ?? "";
        await WRITERS[kind]({ world, id: number, path, rounds, random, step, opened: opened[number] });
        return;
      }
      world.ours.add(number);
      const fault = (): CallFault => {
        const found = choices.fault(number, calls++, ["unavailable", "unclear"]);
        return found === "unavailable" || found === "unclear" ? found : undefined;
      };
      const stage = { id: number, world, rule, ctx: contextOf(world, { id: number, step, fault }) };
      for (let round = 0; round < rounds; round++) {
        await (kind === "sweeper" ? sweep(stage, true) : restore(stage));
        await step();
      }
    });
  }
  const isCut = (): boolean => plan.cutAfter !== undefined && scheduler.steps() >= plan.cutAfter;
  await scheduler.run(() => world.failure() !== undefined || isCut());
  if (world.failure()) throw world.failure();
  if (plan.cutAfter !== undefined) {
    scheduler.kill();
    for (const [number] of plan.actors.entries()) world.disk.kill(number);
    world.disk.powerCut(seeded(plan.seed ^ 0x1b873593));
    stopped(world, "The power was cut");
  }
  await checkEnd(world, plan, rule);
  if (world.failure()) throw world.failure();
  return scheduler.steps();
}

/** A run takes the files while W5 has them open. Then a day passes. Gives what each actor has open. */
async function takeWhileOpen(
  world: ForeignWorld,
  { actors }: ForeignPlan,
  rule: ClaimRule,
): Promise<readonly (WriterFile | undefined)[]> {
  const opened = actors.map(({ kind, file }, number) =>
    kind === "W5" ? world.disk.writerFiles(number).open(`${ROOT}/${world.paths[file]}`, false) : undefined,
  );
  const id = actors.length + 1;
  world.ours.add(id);
  world.acting = id;
  const ctx = contextOf(world, { id, step: async () => {}, fault: () => undefined });
  await sweep({ id, world, rule, ctx }, true);
  world.pass(25);
  return opened;
}

/** Time passes while no writer is in the middle of something short. */
async function clock(world: ForeignWorld, { rounds, seed }: ForeignActorPlan, step: Step): Promise<void> {
  const random = seeded(seed);
  for (let round = 0; round < rounds; round++) {
    for (let wait = below(random, 12); wait >= 0; wait--) await step();
    if (world.busy.size === 0) world.pass(oneOf(random, [25, 25, 25, 13, -30]));
  }
}

function died(world: ForeignWorld, plan: ForeignPlan, number: number): void {
  world.disk.kill(number);
  world.busy.delete(number);
  const actor = plan.actors[number];
  if (actor?.kind === "W2") world.locks.delete(world.paths[actor.file] ?? "");
  stopped(world, "A process has died");
}

/** What W5 wrote between the last comparison and the unlink is lost if our process dies just then. All else is there. */
function stopped(world: ForeignWorld, where: string): void {
  for (const line of world.ledger.missing()) if (world.writerOf(line) === "W5") world.ledger.release(line);
  world.ledger.check(where);
}
