/** The lines of a transcript, from chunks cut anywhere. */
const NEWLINE = 10;

/** Longer lines are passed over: what is kept of a line stays small. */
export const LONGEST_LINE: number = 4 * 1024 * 1024;

export interface LineReader {
  /** Keeps nothing of the chunk. */
  add(chunk: Uint8Array): void;
  /** There is no more: the last line needs no line end. */
  end(): void;
  /** The line that has no end yet, if it isn't too long; a copy. */
  unfinished(): Uint8Array;
}

/** `onLine` gets each line that isn't empty, without its `\n`; the bytes may be the chunk's own and are to be read at once. */
export function lineReader(onLine: (line: Uint8Array) => void, longest: number = LONGEST_LINE): LineReader {
  /** The unfinished line, unless it is too long already. */
  let parts: Uint8Array[] = [];
  let length = 0;

  const endLine = (last: Uint8Array): void => {
    const whole = length + last.length;
    if (whole > 0 && whole <= longest) onLine(parts.length === 0 ? last : joined([...parts, last], whole));
    parts = [];
    length = 0;
  };
  return {
    add(chunk) {
      let at = 0;
      for (let newline = chunk.indexOf(NEWLINE); newline !== -1; newline = chunk.indexOf(NEWLINE, at)) {
        endLine(chunk.subarray(at, newline));
        at = newline + 1;
      }
      if (at === chunk.length) return;
      length += chunk.length - at;
      // A copy, whatever class the chunk is of: it is the producer's.
      if (length <= longest) parts.push(new Uint8Array(chunk.subarray(at)));
      else parts = [];
    },
    end: () => endLine(new Uint8Array()),
    unfinished: () => (length <= longest ? joined(parts, length) : new Uint8Array()),
  };
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
