/** What the regression check is made of: ratios within one run, with margins that a busy machine does not use up. */
import { secondsSince } from "../measure/sample.js";

export interface Check {
  readonly name: string;
  /** What it is compared with. */
  readonly than: string;
  /** `ours` is so many times as fast, or as small, as `peer`. Well below what is usual. */
  readonly atLeast: number;
  /** What it costs: seconds, or bytes. */
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
 * By the best of many short rounds in turn: whatever else the machine does can only make a round slower, and leaves some of
 * them alone.
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
  const message = `${verdict}: ${check.name}: ${ratio.toFixed(2)} x ${check.than}, at least ${check.atLeast} x is asked for`;
  return { ratio, passed, message };
}
