/** Listings leave out what is damaged: one bad row must not hide all others, nor keep them from being swept. */
import { hasCode } from "../errors.js";

/** What `read` gives; `undefined`, and the error to `onSkipped`, if that is `CORRUPT`. Other errors are thrown. */
export function unlessCorrupt<T>(read: () => T, onSkipped: (error: Error) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    skipCorrupt(error, onSkipped);
    return undefined;
  }
}

/** As {@link unlessCorrupt}, of what has to be waited for. */
export async function resolvedUnlessCorrupt<T>(
  read: () => Promise<T>,
  onSkipped: (error: Error) => void,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    skipCorrupt(error, onSkipped);
    return undefined;
  }
}

/** Throws the error again unless it is `CORRUPT`: then it goes to `onSkipped`. */
export function skipCorrupt(error: unknown, onSkipped: (error: Error) => void): void {
  if (!(error instanceof Error) || !hasCode(error, "CORRUPT")) throw error;
  onSkipped(error);
}
