/** Splits chunks, which may be cut anywhere, into the lines of a transcript. */
const NEWLINE = 10;

/** Longer lines are skipped, so that little memory is held. */
export const LONGEST_LINE: number = 4 * 1024 * 1024;

export interface LineReader {
  /** Keeps nothing of the chunk. */
  add(chunk: Uint8Array): void;
  /** Ends the last line, which need not have a line end. */
  end(): void;
  /** A copy of the unfinished line; empty if it is too long. */
  unfinished(): Uint8Array;
}

/**
 * `onLine` gets each line that isn't empty, without its `\n`. It must read the bytes at once, because they may be the
 * chunk's own.
 */
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
      // A copy, even of a Buffer: the chunk belongs to its producer.
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
