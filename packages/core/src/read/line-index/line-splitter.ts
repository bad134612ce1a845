/** Takes wanted lines off a stream of bytes. */
import { concat } from "../../bytes.js";

const NEWLINE = 10;
const RETURN = 13;
const BYTE_ORDER_MARK = "\ufeff";
/** Bytes of UTF-8 that one UTF-16 unit takes at most. */
const BYTES_A_CHAR = 3;

export interface SessionLine {
  /** Its number, from 0. Blank lines count. */
  readonly index: number;
  /** UTF-8, without its line end (`\n` or `\r\n`), and without a byte order mark before the first line. */
  readonly text: string;
  /** All of the line in the file, its end included. */
  readonly bytes: number;
  /** Whether the text is not all of it. It never ends inside a character. */
  readonly truncated: boolean;
}

export interface LineSplitter {
  /** Whether all wanted lines have been seen to their end. */
  readonly isDone: boolean;
  add(bytes: Uint8Array): void;
  /** There is no more: what is left is a line without an end. */
  end(): readonly SessionLine[];
}

/** Lines `[from, to)` of bytes whose first belongs to the line `first`; of longer ones `maxChars` UTF-16 units are kept. */
export function lineSplitter(from: number, to: number, first: number, maxChars: number): LineSplitter {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const lines: SessionLine[] = [];
  let index = first;
  let parts: Uint8Array[] = [];
  let bytes = 0;

  /** Keeps no more of a line than can be shown, and what it takes to see that there is more. */
  const keep = (part: Uint8Array): void => {
    const room = (maxChars + BYTE_ORDER_MARK.length + 2) * BYTES_A_CHAR - bytes;
    if (room > 0 && part.length > 0) parts.push(part.subarray(0, room));
    bytes += part.length;
  };
  const endLine = (endBytes: number): void => {
    const whole = concat(parts);
    const isCrLf = endBytes > 0 && whole.length === bytes && whole.at(-1) === RETURN;
    const all = decoder.decode(isCrLf ? whole.subarray(0, -1) : whole);
    const text = index === 0 && all.startsWith(BYTE_ORDER_MARK) ? all.slice(BYTE_ORDER_MARK.length) : all;
    const truncated = text.length > maxChars;
    lines.push({ index, text: truncated ? cut(text, maxChars) : text, bytes: bytes + endBytes, truncated });
    parts = [];
    bytes = 0;
  };
  return {
    get isDone() {
      return index >= to;
    },
    add(chunk) {
      for (let at = 0; at < chunk.length && index < to; ) {
        const newline = chunk.indexOf(NEWLINE, at);
        const end = newline === -1 ? chunk.length : newline;
        if (index >= from) keep(chunk.subarray(at, end));
        if (newline === -1) return;
        if (index >= from) endLine(1);
        index++;
        at = newline + 1;
      }
    },
    end() {
      if (bytes > 0) endLine(0);
      return lines;
    },
  };
}

function cut(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
