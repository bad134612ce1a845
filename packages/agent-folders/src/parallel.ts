/** Many small steps on a disk, several at a time. */
import { type OpOptions, throwIfAborted } from "@session-archiver/core";

/** Looks at files: enough to keep a disk busy. */
export const LOOKS_AT_ONCE = 64;
/** Reading of files: few enough that what is read takes little memory. */
export const READS_AT_ONCE = 4;

/** The results in the order of the items. Rejects as soon as one step does, and begins no further ones. */
export async function inParallel<Item, Result>(
  atOnce: number,
  items: readonly Item[],
  step: (item: Item) => Promise<Result>,
  { signal }: OpOptions,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (failed) return;
      throwIfAborted(signal);
      results[index] = await step(item);
    }
  };
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    failed = true;
    throw error;
  }
  return results;
}
