/**
 * Reads exact numbers of bytes of an archive from a stream, whose chunks are given back once they were copied. `CORRUPT` if there are too
 * few, or more than the archive has.
 */
import { release, unshared } from "../bytes.js";
import { ArchiverError } from "../errors.js";
import type { Bytes } from "../ports.js";

export function exactReader(
  bytes: Bytes,
  key: string,
): { take(count: number): Promise<Uint8Array>; end(): Promise<void>; close(): Promise<void> } {
  const iterator = unshared(bytes)[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array();
  let rest = chunk;
  return {
    async take(count) {
      const taken = new Uint8Array(count);
      let filled = 0;
      while (filled < count) {
        if (rest.length === 0) {
          const next = await iterator.next();
          if (next.done) throw corrupt(key, `ends ${count - filled} bytes too early`);
          chunk = next.value;
          rest = chunk;
        }
        const part = rest.subarray(0, count - filled);
        taken.set(part, filled);
        filled += part.length;
        rest = rest.subarray(part.length);
        if (rest.length === 0) release(chunk);
      }
      return taken;
    },
    async end() {
      for (
        let next = { done: false, value: rest } as IteratorResult<Uint8Array>;
        !next.done;
        next = await iterator.next()
      ) {
        if (next.value.length > 0) throw corrupt(key, "goes on after its end");
      }
    },
    async close() {
      await iterator.return?.();
    },
  };
}

function corrupt(key: string, what: string): ArchiverError {
  return new ArchiverError("CORRUPT", `Archive "${key}" ${what}.`, { key });
}
