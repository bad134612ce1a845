/** Keeps the program's memory near what it needs. */
import { setFlagsFromString } from "node:v8";

/** Shorter runs make little garbage, and need not load what sets this. */
const AFTER_MS = 250;

/**
 * By default, V8 collects its heap when that is up to four times as large as what was alive at the last time. Of thousands of
 * sessions that are worked on at once, most of that is garbage. So is most of the young generation, which grows to 64 MiB and may fill to
 * four fifths before the event loop collects it. Each flag is a number that V8 reads at each collection.
 */
const FLAGS = ["--heap-growing-percent=50", "--minor-gc-task-trigger=40"];

export function limitGarbage(): void {
  setTimeout(() => {
    try {
      for (const flag of FLAGS) setFlagsFromString(flag);
    } catch {
      // Another engine's heap is its own matter.
    }
  }, AFTER_MS).unref();
}
