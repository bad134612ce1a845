/** Periodic work that never overlaps itself, keeps no process alive and stops cleanly. */
export interface Schedule {
  /** No further runs; the one under way is aborted and waited for. */
  stop(): Promise<void>;
}

/** Runs `work` now and then `everyMs` after each run has ended. Its failures go to `onError`. */
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
        // In Node a timer keeps the process alive unless told not to; a browser's has no unref.
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
