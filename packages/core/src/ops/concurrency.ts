/** Runs work on many items, several at a time. */

/** Concurrency limits: at most `count` items and `weight` in total. An item heavier than the limit runs alone. */
export interface Limits {
  readonly count: number;
  readonly weight: number;
}

/**
 * With small sessions, most of the time is spent waiting for the disk; many at once let a store share these waits.
 * Large sessions are worked on one at a time. `weight` is the bytes of all that are under way, which may be in memory
 * several times over.
 */
export const UNDER_WAY: Limits = { count: 64, weight: 4 * 1024 * 1024 };

/**
 * Runs the work once its weight fits in beside that of the others. Rejects instead if there was an error meanwhile that
 * ends all.
 */
export type Weighed = <Result>(weight: number, work: () => Promise<Result>) => Promise<Result>;

/**
 * Calls `run` for every item in order, as far as the count allows. After the first error it begins no more items, and
 * rejects once all that are running have ended.
 */
export async function forEachConcurrent<T>(
  items: AsyncIterable<T> | Iterable<T>,
  limits: Limits,
  run: (item: T, weighed: Weighed) => Promise<void>,
): Promise<void> {
  const slots = semaphore(limits.count);
  const weights = semaphore(limits.weight);
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const weighed: Weighed = async (weight, work) => {
    await weights.acquire(weight);
    try {
      if (failures.length > 0) throw failures[0];
      return await work();
    } finally {
      weights.release(weight);
    }
  };
  try {
    for await (const item of items) {
      await slots.acquire(1);
      if (failures.length > 0) break;
      const one = run(item, weighed)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => {
          running.delete(one);
          slots.release(1);
        });
      running.add(one);
    }
  } finally {
    await Promise.all(running);
  }
  if (failures.length > 0) throw failures[0];
}

/** Admits callers in order, as long as their weights fit beside those of the present holders. */
function semaphore(limit: number): { acquire(weight: number): Promise<void>; release(weight: number): void } {
  let holders = 0;
  let used = 0;
  const waiting: { readonly weight: number; open(): void }[] = [];
  const admit = (): void => {
    for (let next = waiting[0]; next && (holders === 0 || used + next.weight <= limit); next = waiting[0]) {
      waiting.shift();
      holders++;
      used += next.weight;
      next.open();
    }
  };
  return {
    acquire: (weight) =>
      new Promise((open) => {
        waiting.push({ weight, open });
        admit();
      }),
    release(weight) {
      holders--;
      used -= weight;
      admit();
    },
  };
}
