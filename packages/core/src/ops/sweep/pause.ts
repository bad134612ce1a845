/** A wait that an abort ends. */
import { throwIfAborted } from "../../errors.js";
import type { OpOptions } from "../../ports.js";

/** Rejects with `ABORTED` as soon as the signal says so. */
export async function pause(ms: number, { signal }: OpOptions): Promise<void> {
  throwIfAborted(signal);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(end, ms);
    function end(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    }
    signal?.addEventListener("abort", end);
  });
  throwIfAborted(signal);
}
