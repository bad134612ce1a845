/** The output of agents in these tests: the bytes of a session, repeated without end. */
import { readFileSync } from "node:fs";

export interface Output {
  /** The bytes before it repeats. */
  readonly length: number;
  /** The bytes `[start, end)` of the repeated session. */
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
