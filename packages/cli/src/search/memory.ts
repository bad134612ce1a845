/** How much memory a search takes. */
import { setFlagsFromString } from "node:v8";

/**
 * V8 doubles the space for what was just made, up to 48 MB, as long as some of it survives. What a search makes is forgotten at
 * once: the space as it is by then does, and the search is as fast. Of a thread, it is limited when it starts.
 */
export function keepYoungSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
