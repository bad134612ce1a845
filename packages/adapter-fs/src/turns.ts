/** Tasks of one key run one at a time, in the order of the calls; those of other keys don't wait for them. */
export interface Turns {
  run<T>(key: string, task: () => Promise<T>): Promise<T>;
  /** Waits for all tasks, also those that are yet to run. */
  ended(): Promise<void>;
}

export function openTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    async run(key, task) {
      const before = last.get(key);
      const { promise, resolve } = Promise.withResolvers<void>();
      last.set(key, promise);
      try {
        await before;
        return await task();
      } finally {
        if (last.get(key) === promise) last.delete(key);
        resolve();
      }
    },
    async ended() {
      await Promise.all(last.values());
    },
  };
}
