/** Limits V8's space for new objects. */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/**
 * V8 doubles the space for new objects, up to 64 MiB (32 in Node 22), as long as some of them survive. For a command that forgets at once
 * nearly all that it makes, the space as it is by then does. V8 multiplies by this number: by 1 it stays. Of a thread, the space is
 * limited when it starts.
 */
export function keepYoungSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

const LOOK_MS = 50;

/** For a command that also holds much: lets the space grow to this size first, and to about twice that at most. */
export function stopYoungGrowth(enoughMiB: number): void {
  const look = setInterval(() => {
    try {
      const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
      if (young && young.space_size < enoughMiB * 1024 * 1024) return;
      keepYoungSmall();
    } catch {
      // Another engine's heap is its own matter.
    }
    clearInterval(look);
  }, LOOK_MS);
  look.unref();
}
