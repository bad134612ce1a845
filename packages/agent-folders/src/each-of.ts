/** Long pieces of work, several at a time. */
import { type OpOptions, throwIfAborted } from "@session-archiver/core";

/**
 * The results in the order of the items. Once one piece rejects, none is begun any more; the error comes when those under
 * way have ended, so that nothing goes on behind the caller's back.
 */
export async function eachOf<Item, Result>(
  atOnce: number,
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
  { signal }: OpOptions,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      try {
        throwIfAborted(signal);
        results[index] = await work(item, index);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
