/**
 * Runs processes one step at a time, in an order that `choose` decides. Between two steps a process does nothing that others
 * can see, so everything that matters between processes happens in the chosen order.
 */
import type { Step } from "@session-archiver/conformance/faults";

export interface Scheduler {
  /** Starts a process, which waits at its first step. Gives its number. The steps of a killed process never resolve. */
  spawn(work: (step: Step) => Promise<void>): number;
  /** Ends a process, or all of them, where they are. */
  kill(process?: number): void;
  /** Delays a process for this many steps. If all are delayed, the one with the shortest delay runs. */
  delay(process: number, steps: number): void;
  /** Runs until no process can continue, or `stop` says so before a step. Rejects with the first failure. */
  run(stop?: () => boolean): Promise<void>;
  /** The number of steps so far. */
  steps(): number;
}

/** Picks one of the processes that can continue (in ascending order, at least one). `current` had the last step. */
export type Choose = (ready: readonly number[], current: number, step: number) => number;

interface Process {
  readonly waiting: (() => void)[];
  running: boolean;
  notBefore: number;
}

/** After this many turns of the microtask queue, a process that also waits elsewhere is assumed not to return by itself. */
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
  /** Lets the process run until it waits again, has ended, or depends on one of its other steps. */
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
