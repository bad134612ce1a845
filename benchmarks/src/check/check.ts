/** The parts of the regression check: ratios within one run, with margins that even a busy machine keeps. */
import { secondsSince } from "../measure/sample.js";

export interface Check {
  readonly name: string;
  /** What `ours` is compared with. */
  readonly than: string;
  /** The lowest accepted ratio: how many times faster or smaller `ours` is than `peer`. Well below the usual ratio. */
  readonly atLeast: number;
  /** Returns the cost: seconds or bytes. */
  readonly ours: () => Promise<number>;
  readonly peer: () => Promise<number>;
}

export interface Outcome {
  readonly ratio: number;
  readonly passed: boolean;
  readonly message: string;
}

const LEAST_ROUNDS = 4;
const MOST_ROUNDS = 30;
const SECONDS = 2;

/**
 * Compares the best of many short rounds in turn: other work on the machine can only make a round slower, and some rounds
 * run without it.
 */
export async function runCheck(check: Check, seconds: number = SECONDS): Promise<Outcome> {
  let ours = Number.POSITIVE_INFINITY;
  let peer = Number.POSITIVE_INFINITY;
  const started = performance.now();
  for (let round = 0; round < LEAST_ROUNDS || (round < MOST_ROUNDS && secondsSince(started) < seconds); round++) {
    ours = Math.min(ours, await check.ours());
    peer = Math.min(peer, await check.peer());
  }
  const ratio = peer / ours;
  const passed = ratio >= check.atLeast;
  const verdict = passed ? "ok" : "TOO LOW";
  const message = `${verdict}: ${check.name}: ${ratio.toFixed(2)} x ${check.than}, at least ${check.atLeast} x is required`;
  return { ratio, passed, message };
}
