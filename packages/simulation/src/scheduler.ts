/**
 * Runs processes whose steps are let go one at a time, in an order that `choose` decides. What a process does between two
 * steps is its own; so of all that matters between processes nothing happens but in the order chosen.
 */
import type { Step } from "@session-archiver/conformance/faults";

export interface Scheduler {
  /** Starts a process at its first step; its number. The steps of a process that was killed never resolve. */
  spawn(work: (step: Step) => Promise<void>): number;
  /** Ends a process, or all, where they stand. */
  kill(process?: number): void;
  /** Keeps a process from being chosen for the next so many steps; if that is so of all, the first to come goes on. */
  delay(process: number, steps: number): void;
  /** Runs until nothing can go on any more, or `stop` says so before a step; rejects with the first failure. */
  run(stop?: () => boolean): Promise<void>;
  /** Steps let go so far. */
  steps(): number;
}

/** Picks one of the processes that can go on (in ascending order, at least one); `current` had the last step. */
export type Choose = (ready: readonly number[], current: number, step: number) => number;

interface Process {
  readonly waiting: (() => void)[];
  running: boolean;
  notBefore: number;
}

/** Turns of the microtask queue after which a process that also waits elsewhere is taken not to come back by itself. */
const PATIENCE = 100;

export function createScheduler(choose: Choose): Scheduler {
  const processes: Process[] = [];
  let steps = 0;
  let current = 0;
  let failure: { readonly error: unknown } | undefined;
  let wake = (): void => {};

  const stepOf = (process: Process): Step => {
    return () =>
      new Promise((resolve) => {
        if (!process.running) return;
        process.waiting.push(resolve);
        if (processes[current] === process) wake();
      });
  };
  const end = (process: Process): void => {
    process.running = false;
    process.waiting.length = 0;
    if (processes[current] === process) wake();
  };
  const readyNow = (): number[] => {
    const ready: number[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const { waiting, notBefore } of processes) if (waiting.length > 0) next = Math.min(next, notBefore);
    for (const [i, { waiting, notBefore }] of processes.entries()) {
      if (waiting.length > 0 && notBefore <= Math.max(next, steps)) ready.push(i);
    }
    return ready;
  };
  /** Lets the process go on until it waits again, has ended, or depends on one of its other steps. */
  const letGo = async (process: Process): Promise<void> => {
    const go = process.waiting.shift();
    const others = process.waiting.length;
    if (others === 0) {
      const back = new Promise<void>((resolve) => {
        wake = resolve;
      });
      go?.();
      await back;
    } else {
      let isBack = false;
      wake = () => {
        isBack = true;
      };
      go?.();
      for (let turn = 0; turn < PATIENCE && !isBack; turn++) await undefined;
    }
    wake = () => {};
  };
  return {
    spawn(work) {
      const process: Process = { waiting: [], running: true, notBefore: 0 };
      const step = stepOf(process);
      processes.push(process);
      void step()
        .then(() => work(step))
        .catch((error: unknown) => {
          if (process.running) failure ??= { error };
        })
        .finally(() => end(process));
      return processes.length - 1;
    },
    kill(which) {
      for (const [i, process] of processes.entries()) if (which === undefined || which === i) end(process);
    },
    delay(which, count) {
      const process = processes[which];
      if (process) process.notBefore = steps + count;
    },
    async run(stop = () => false) {
      for (;;) {
        const ready = readyNow();
        if (ready.length === 0 || failure || stop()) break;
        current = choose(ready, current, steps);
        const process = processes[current];
        if (!process) throw new RangeError(`There is no process ${current}.`);
        steps++;
        await letGo(process);
      }
      if (failure) throw failure.error;
    },
    steps: () => steps,
  };
}
