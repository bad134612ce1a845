/** Ends a wait for a server that does not answer. */
import { throwIfAborted } from "@session-archiver/core";

/**
 * `ABORTED` as soon as the signal says so, also in the middle of `opening`, which goes on alone: only where it does no harm that
 * nobody hears of its end. `late` gets what it resolves to then.
 */
export async function unlessAborted<T>(
  opening: Promise<T>,
  signal: AbortSignal | undefined,
  late: (result: T) => void = () => {},
): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => {});
  const giveUp = (): void => {
    try {
      throwIfAborted(signal);
    } catch (error) {
      reject(error);
      opening.then(late, () => {});
    }
  };
  signal?.addEventListener("abort", giveUp);
  giveUp();
  try {
    return await Promise.race([opening, aborted]);
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}
