/** The parts of the regression check: ratios within one run, with margins that even a busy machine keeps. */
import { secondsSince } from "../measure/sample.js";

export interface Check {
  readonly name: string;
  /** What `ours` is compared with. */
  readonly than: string;
  /** The lowest accepted ratio: how many times faster or smaller `ours` is than `peer`. Well below the usual ratio. */
  readonly atLeast: number;
  /** What the costs are: seconds of processor time, seconds by the clock, or a number that is the same each time. */
  readonly by: "processor" | "clock" | "count";
  readonly ours: () => Promise<number>;
  readonly peer: () => Promise<number>;
}

export interface Outcome {
  readonly ratio: number;
  readonly passed: boolean;
  readonly message: string;
}

const LEAST_ROUNDS = { processor: 10, clock: 4 } as const;
const MOST_ROUNDS = 30;
const SECONDS = 2;

export async function runCheck(check: Check, seconds: number = SECONDS): Promise<Outcome> {
  const costs = await costsOf(check, seconds);
  const ratio = costOf(check, costs.peer) / costOf(check, costs.ours);
  const passed = ratio >= check.atLeast;
  const verdict = passed ? "ok" : "TOO LOW";
  const message = `${verdict}: ${check.name}: ${ratio.toFixed(2)} x ${check.than}, at least ${check.atLeast} x is required`;
  return { ratio, passed, message };
}

interface Costs {
  readonly ours: readonly number[];
  readonly peer: readonly number[];
}

/** Of many short rounds in turn, after one in which code is loaded and compiled. */
async function costsOf(check: Check, seconds: number): Promise<Costs> {
  if (check.by === "count") return { ours: [await check.ours()], peer: [await check.peer()] };
  await check.ours();
  await check.peer();
  const ours: number[] = [];
  const peer: number[] = [];
  const started = performance.now();
  const least = LEAST_ROUNDS[check.by];
  while (ours.length < least || (ours.length < MOST_ROUNDS && secondsSince(started) < seconds)) {
    ours.push(await check.ours());
    peer.push(await check.peer());
  }
  return { ours, peer };
}

/**
 * By the clock, the best round: other programs can only make one slower, and some rounds run without them. By processor time, all
 * rounds: the same work takes up to twice the time while others use the core's second thread and its caches. That meets both in
 * turn, and the best round of one of them may be the only one that it didn't meet.
 */
function costOf({ by }: Check, costs: readonly number[]): number {
  return by === "processor" ? costs.reduce((sum, cost) => sum + cost, 0) : Math.min(...costs);
}
