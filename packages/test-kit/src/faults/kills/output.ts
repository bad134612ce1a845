/** What agents write in these tests: the bytes of a session, again and again, without end. */
import { readFileSync } from "node:fs";

export interface Output {
  /** Bytes before it begins anew. */
  readonly length: number;
  /** The bytes `[start, end)` of the session written again and again. */
  bytes(start: number, end: number): Buffer;
}

export function outputIn(path: string): Output {
  const once = readFileSync(path);
  return {
    length: once.length,
    bytes(start, end) {
      const pieces: Buffer[] = [];
      for (let at = start; at < end; ) {
        const from = at % once.length;
        const piece = once.subarray(from, Math.min(once.length, from + end - at));
        pieces.push(piece);
        at += piece.length;
      }
      return Buffer.concat(pieces);
    },
  };
}
