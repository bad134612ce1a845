/** Work on many things, several at a time. */

/**
 * Runs `work` on every item. Up to `most` light ones are under way at once; any other waits for those before it, and has
 * all to itself. Ends when nothing is under way any more: with the first error, after which no more are begun.
 */
export async function atOnce<T>(
  items: AsyncIterable<T>,
  most: number,
  isLight: (item: T) => Promise<boolean>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const begin = (item: T): Promise<void> => {
    const run = work(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(run));
    running.add(run);
    return run;
  };
  try {
    for await (const item of items) {
      const light = await isLight(item);
      while (running.size > (light ? most - 1 : 0)) await Promise.race(running);
      if (failures.length > 0) break;
      const run = begin(item);
      if (!light) await run;
    }
  } finally {
    await Promise.all(running);
  }
  if (failures.length > 0) throw failures[0];
}
