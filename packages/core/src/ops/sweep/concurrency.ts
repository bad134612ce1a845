/** Work on many things, several at a time. */

/** How much may be under way: so many items, and so much of what they weigh; one that weighs more has all to itself. */
export interface Load {
  readonly count: number;
  readonly weight: number;
}

/**
 * Weighs every item and runs `work` on it, in the order of the items as far as `most` allows. Ends when nothing is under
 * way any more: with the first error, after which no more are begun.
 */
export async function atOnce<T>(
  items: AsyncIterable<T>,
  most: Load,
  weigh: (item: T) => Promise<number>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const places = gate(most.count);
  const scales = gate(most.weight);
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const one = async (item: T): Promise<void> => {
    const weight = await weigh(item);
    await scales.enter(weight);
    try {
      if (failures.length === 0) await work(item);
    } finally {
      scales.leave(weight);
    }
  };
  try {
    for await (const item of items) {
      await places.enter(1);
      if (failures.length > 0) break;
      const run = one(item)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => {
          running.delete(run);
          places.leave(1);
        });
      running.add(run);
    }
  } finally {
    await Promise.all(running);
  }
  if (failures.length > 0) throw failures[0];
}

/** Lets in, one after the other, what fits beside what is inside. */
function gate(most: number): { enter(weight: number): Promise<void>; leave(weight: number): void } {
  let inside = 0;
  let used = 0;
  const waiting: { readonly weight: number; open(): void }[] = [];
  const letIn = (): void => {
    for (let next = waiting[0]; next && (inside === 0 || used + next.weight <= most); next = waiting[0]) {
      waiting.shift();
      inside++;
      used += next.weight;
      next.open();
    }
  };
  return {
    enter: (weight) =>
      new Promise((open) => {
        waiting.push({ weight, open });
        letIn();
      }),
    leave(weight) {
      inside--;
      used -= weight;
      letIn();
    },
  };
}
