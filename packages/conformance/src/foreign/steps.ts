/** Something that happens at one step of an operation, at each of its steps in turn. */
import { check } from "../support/assert.js";
import type { ForeignStep } from "./foreign-files.js";

/** More than an operation on small files needs. */
const MOST = 1000;

/** Thrown where a process dies. */
class Died extends Error {}

type Operation = (round: number, step: ForeignStep) => Promise<void>;

/**
 * Runs `operation` again and again: first undisturbed, with `act` after it, then with `act` before each of the steps that this took,
 * one in each round.
 */
export async function atEachStep(
  operation: Operation,
  act: (round: number) => Promise<void>,
  then: (round: number, when: string) => Promise<void>,
): Promise<void> {
  const all = await stepsOf(operation);
  await act(0);
  await then(0, "after the last step");
  for (let round = 1; round <= all; round++) {
    let steps = 0;
    await operation(round, async () => {
      if (++steps === round) await act(round);
    });
    if (steps < round) await act(round);
    await then(round, `at step ${round} of ${all}`);
  }
}

/** The same, but in each round the process that does the operation dies there. */
export async function dyingAtEachStep(
  operation: Operation,
  then: (round: number, when: string) => Promise<void>,
): Promise<void> {
  const all = await stepsOf(operation);
  await then(0, "undisturbed");
  for (let round = 1; round <= all; round++) {
    let steps = 0;
    let isDead = false;
    const step: ForeignStep = async () => {
      isDead ||= ++steps === round;
      if (isDead) throw new Died(`The process has died at step ${round}.`);
    };
    try {
      await operation(round, step);
    } catch (error) {
      if (!isDead) throw error;
    }
    await then(round, `after it died at step ${round} of ${all}`);
  }
}

/** How many steps it takes in round 0, when nothing else happens. */
async function stepsOf(operation: Operation): Promise<number> {
  let steps = 0;
  await operation(0, async () => {
    steps++;
  });
  check(steps > 0, "The operation never called its step: nothing was tested.");
  check(steps < MOST, `The operation took ${steps} steps on a file of three lines.`);
  return steps;
}
