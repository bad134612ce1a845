import type { Bytes } from "../../ports.js";
import type { Range } from "../backends.js";

/** Bytes that are taken in, and given out, at a time. */
export const ROW_BYTES: number = 256 * 1024;

/** The bytes of a range, in arrays that the reader may keep. `bytesNow` may throw if they are gone. */
export async function* copiesOf({ start, end }: Range, bytesNow: () => Uint8Array): Bytes {
  for (let from = start; from < end; from += ROW_BYTES) yield bytesNow().slice(from, Math.min(end, from + ROW_BYTES));
}
