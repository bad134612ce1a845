/** Lines by which one content of a transcript is found in another. */
import type { Bytes } from "@session-archiver/core";

const NEW_LINE = 10;
/** Shorter lines may be written again and again: they note a mode, say. */
const TELLING_BYTES = 200;

/** Where the first whole line lies that should be in one place only. */
export function tellingLineIn(head: Uint8Array): { readonly start: number; readonly end: number } | undefined {
  for (let start = 0, end = 0; ; start = end) {
    end = head.indexOf(NEW_LINE, start) + 1;
    if (end === 0) return undefined;
    if (end - start >= TELLING_BYTES) return { start, end };
  }
}

/** Whether the stream has these bytes anywhere. */
export async function holds(bytes: Bytes, wanted: Uint8Array): Promise<boolean> {
  let before = Buffer.alloc(0);
  for await (const piece of bytes) {
    const joined = Buffer.concat([before, piece]);
    if (joined.includes(wanted)) return true;
    before = joined.subarray(Math.max(0, joined.length - wanted.length + 1));
  }
  return false;
}
