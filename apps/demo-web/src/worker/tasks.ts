/** Work that can be cancelled, and its progress. */
import type { Progress } from "./api.ts";

export interface Tasks {
  /** Runs the work with a signal that `cancelAll` aborts. */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  cancelAll(): void;
}

export function createTasks(): Tasks {
  const running = new Set<AbortController>();
  return {
    async run(work) {
      const controller = new AbortController();
      running.add(controller);
      try {
        return await work(controller.signal);
      } finally {
        running.delete(controller);
      }
    },
    cancelAll() {
      for (const controller of running) controller.abort();
    },
  };
}

const LEAST_GAP_MS = 100;

/** Passes progress on at most ten times a second, and always the first and the last. */
export function throttled(emit: (progress: Progress) => void): (progress: Progress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const isDone = progress.doneBytes >= progress.totalBytes && progress.doneCount >= progress.totalCount;
    const time = performance.now();
    if (!isDone && time - last < LEAST_GAP_MS) return;
    last = time;
    emit(progress);
  };
}
