/** Bytes of a store that has to give a known number of them: `CORRUPT` where it ends early, or goes on. */
import { ArchiverError } from "../errors.js";
import type { Bytes } from "../ports.js";

/** The error names the `key` of the archive or blob, and the `id` of its session. */
export async function* exactBytes(
  bytes: Bytes,
  length: number,
  { key, id }: { readonly key: string; readonly id?: string },
): Bytes {
  let left = length;
  for await (const chunk of bytes) {
    left -= chunk.length; // before the reader has it, who may transfer its buffer
    if (left < 0) break; // what goes on without an end would fill the sink
    yield chunk;
  }
  if (left === 0) return;
  const message = `The store gave too ${left > 0 ? "few" : "many"} bytes of "${key}".`;
  throw new ArchiverError("CORRUPT", message, { key, id });
}
