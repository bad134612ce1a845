/** Takes items from a stream before they are asked for. */
import { changes } from "./changes.js";

export interface ReadAhead<T> {
  /** The next item; rejects with what the stream failed with, once its items are taken. */
  next(): Promise<{ readonly value: T } | undefined>;
  /** Resolves once all of the stream is read, or it has failed. */
  readonly ended: Promise<void>;
  /** Closes the stream. Resolves once it has stopped. */
  close(): Promise<void>;
}

/** Starts at once; at most `most` items wait. */
export function readAhead<T>(stream: AsyncGenerator<T>, most: number): ReadAhead<T> {
  const waiting: T[] = [];
  let failure: { readonly error: unknown } | undefined;
  let hasEnded = false;
  let isClosed = false;
  const { next: change, tell } = changes();
  const run = async (): Promise<void> => {
    try {
      for await (const item of stream) {
        waiting.push(item);
        tell();
        while (waiting.length >= most && !isClosed) await change();
        if (isClosed) return;
      }
    } catch (error) {
      failure = { error };
    } finally {
      hasEnded = true;
      tell();
    }
  };
  const running = run();
  return {
    ended: running,
    async next() {
      for (;;) {
        const item = waiting.shift();
        if (item !== undefined) {
          tell();
          return { value: item };
        }
        if (failure) throw failure.error;
        if (hasEnded) return undefined;
        await change();
      }
    },
    async close() {
      isClosed = true;
      tell();
      await running;
    },
  };
}
