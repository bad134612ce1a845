/** Periodic work that never overlaps itself, keeps no process alive and stops cleanly. */
export interface Schedule {
  /** Starts no further runs; aborts the present one and waits for it. */
  stop(): Promise<void>;
}

/** Runs `work` at once, and again `everyMs` after each run has ended. Failures go to `onError`. */
export function schedule(
  work: (signal: AbortSignal) => Promise<void>,
  everyMs: number,
  onError: (error: unknown) => void,
): Schedule {
  const stopping = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  const run = (): void => {
    running = work(stopping.signal)
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) onError(error);
      })
      .then(() => {
        if (stopping.signal.aborted) return;
        timer = setTimeout(run, everyMs);
        // In Node, unref stops the timer from keeping the process alive; a browser's timers have no unref.
        (timer as { unref?: () => void }).unref?.();
      });
  };
  run();
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
