/** Task: many recorders append at random times while a sweep in the same process archives all idle sessions. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Archiver, Recorder } from "@session-archiver/core";
import { timed } from "../measure/sample.js";
import { percentile } from "../report/statistics.js";
import { openStores, type Where } from "./stores.js";

export interface RecordParams {
  readonly where: Where;
  readonly recorders: number;
  /** By all recorders together. */
  readonly appendsPerSecond: number;
  /** The number of sessions that the sweep must archive; none: no sweep, but as long as `seconds`. */
  readonly sessions: number;
  readonly seconds: number;
}

/** In seconds. An append takes from the moment at which it was due, also if the event loop was blocked then. */
export interface RecordResult {
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
  /** The longest time for which a timer of 1 ms did not run. */
  readonly blocked: number;
  readonly swept: number;
}

const LINE = `${"x".repeat(499)}\n`;

export async function run({
  where,
  recorders,
  appendsPerSecond,
  sessions,
  seconds,
}: RecordParams): Promise<RecordResult> {
  await using stores = await openStores(where);
  const open = Array.from({ length: recorders }, (_, n) => stores.archiver.recorder(`recorded-${n}`, { create: {} }));
  await Promise.all(open.map((recorder) => recorder.append(LINE)));
  const stop = new AbortController();
  const recording = record(open, appendsPerSecond, stop.signal);
  const blocked = longestBlock(stop.signal);
  const swept = await timed(() => (sessions > 0 ? sweep(stores.archiver, sessions) : sleep(seconds * 1000)));
  stop.abort();
  const times = await recording;
  await Promise.all(open.map((recorder) => recorder.close()));
  const [median, p99, longest] = [0.5, 0.99, 1].map((part) => percentile(times, part)) as [number, number, number];
  return { median, p99, longest, blocked: await blocked, swept };
}

async function sweep(archiver: Archiver, sessions: number): Promise<void> {
  const { archivedCount, failedCount } = await archiver.sweep({ maxTotalBytes: Number.POSITIVE_INFINITY });
  if (archivedCount === sessions && failedCount === 0) return;
  throw new Error(`${archivedCount} of ${sessions} were archived, ${failedCount} failed.`);
}

/** Gives the seconds of each append. They are due at random times, as agents that know nothing of each other write. */
async function record(recorders: readonly Recorder[], perSecond: number, signal: AbortSignal): Promise<number[]> {
  const appends: Promise<number>[] = [];
  let due = performance.now();
  while (!signal.aborted) {
    while (due <= performance.now()) {
      const from = due;
      due += (-Math.log(1 - Math.random()) / perSecond) * 1000;
      const recorder = recorders[Math.floor(Math.random() * recorders.length)];
      appends.push((recorder as Recorder).append(LINE).then(() => (performance.now() - from) / 1000));
    }
    await sleep(1);
  }
  return Promise.all(appends);
}

async function longestBlock(signal: AbortSignal): Promise<number> {
  let longest = 0;
  while (!signal.aborted) longest = Math.max(longest, await timed(() => sleep(1)));
  return longest;
}
