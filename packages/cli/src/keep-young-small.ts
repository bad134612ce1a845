/** How much memory goes into what was just made. */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/**
 * V8 doubles the space for what was just made, up to 64 MiB, as long as some of it survives. For a command that forgets at once nearly
 * all that it makes, the space as it is by then does. Of a thread, it is limited when it starts.
 */
export function keepYoungSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/** With less, a command that runs for a minute would spend an eighth of it on collecting. */
const ENOUGH_BYTES = 16 * 1024 * 1024;
const LOOK_MS = 50;

/** The same for a command that also holds much: once the space has grown to 16 MiB. */
export function stopYoungGrowth(): void {
  const look = setInterval(() => {
    try {
      const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
      if (young && young.space_size < ENOUGH_BYTES) return;
      keepYoungSmall();
    } catch {
      // Another engine's heap is its own matter.
    }
    clearInterval(look);
  }, LOOK_MS);
  look.unref();
}
