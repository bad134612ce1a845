/** Keeps the program's memory near what it needs. */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Shorter runs make little garbage, and need not load what sets this. */
const AFTER_MS = 250;
const EVERY_MS = 100;
/** Of the young generation. It may double until the next look. */
const ENOUGH_BYTES = 16 * 1024 * 1024;

/**
 * By default, V8 lets the young generation grow to 64 MiB, and collects the rest of the heap when that is up to four times as large as
 * what was alive at the last time. Of thousands of sessions that are worked on at once, most of both is garbage. The largest size of the
 * young generation can be set only before the program starts; whether it grows, at any time.
 */
export function limitGarbage(): void {
  setTimeout(() => {
    // Another engine's heap is its own matter.
    if (!trySet("--heap-growing-percent=50")) return;
    let grows = true;
    setInterval(() => {
      const isSmall = youngBytes() < ENOUGH_BYTES;
      if (isSmall === grows) return;
      grows = isSmall;
      trySet(`--semi-space-growth-factor=${grows ? 2 : 1}`);
    }, EVERY_MS).unref();
  }, AFTER_MS).unref();
}

function trySet(flag: string): boolean {
  try {
    setFlagsFromString(flag);
    return true;
  } catch {
    return false;
  }
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")?.space_size ?? 0;
}
