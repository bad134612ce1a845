/** Work on many things, several at a time. */

/** Concurrency limits: at most `count` items and `weight` in total. An item heavier than the limit runs alone. */
export interface Limits {
  readonly count: number;
  readonly weight: number;
}

/**
 * Weighs every item and runs `work` on it, in the order of the items as far as `limits` allow. Ends when nothing is under
 * way any more: with the first error, after which no more are begun.
 */
export async function forEachConcurrent<T>(
  items: AsyncIterable<T>,
  limits: Limits,
  weigh: (item: T) => Promise<number>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const slots = semaphore(limits.count);
  const weights = semaphore(limits.weight);
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const one = async (item: T): Promise<void> => {
    const weight = await weigh(item);
    await weights.acquire(weight);
    try {
      if (failures.length === 0) await work(item);
    } finally {
      weights.release(weight);
    }
  };
  try {
    for await (const item of items) {
      await slots.acquire(1);
      if (failures.length > 0) break;
      const run = one(item)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => {
          running.delete(run);
          slots.release(1);
        });
      running.add(run);
    }
  } finally {
    await Promise.all(running);
  }
  if (failures.length > 0) throw failures[0];
}

/** Admits callers in order, while their weights fit beside those that hold it. */
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
