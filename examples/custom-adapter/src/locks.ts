/** Runs work on the same key one after the other, and work on different keys in parallel. */
export type Locks = <T>(key: string, work: () => Promise<T>) => Promise<T>;

export function keyLocks(): Locks {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
