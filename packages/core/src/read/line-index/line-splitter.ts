/** Takes wanted lines from a stream of bytes. */

const NEWLINE = 10;
const BYTE_ORDER_MARK = "\ufeff";

export interface SessionLine {
  /** Its number, from 0. Blank lines count. */
  readonly index: number;
  /** The line as text, without its line end (`\n` or `\r\n`), and without a byte order mark before the first line. */
  readonly text: string;
  /** Size of the whole line in the file, its end included. */
  readonly bytes: number;
  /** Whether the text was cut. It never ends inside a character. */
  readonly truncated: boolean;
}

export interface LineSplitter {
  /** Whether all wanted lines have been seen to their end. */
  readonly isDone: boolean;
  /** The line that goes on. */
  readonly line: number;
  /** Whether more of that line's bytes are only counted. */
  readonly isFull: boolean;
  add(bytes: Uint8Array): void;
  /** Counts more bytes of the line that goes on, none of which ends it. */
  skip(bytes: number): void;
  /** Call it at the end of the stream: the remaining bytes are a line without an end. */
  end(): readonly SessionLine[];
}

/** Lines `[from, to)` of bytes whose first belongs to line `first`. Longer lines are cut to `maxChars` UTF-16 units. */
export function lineSplitter(from: number, to: number, first: number, maxChars: number): LineSplitter {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const lines: SessionLine[] = [];
  let index = first;
  let text = "";
  let bytes = 0;

  // Enough to see that there is more, whatever is then taken off at its ends.
  const isFull = (): boolean => index < from || text.length > maxChars + BYTE_ORDER_MARK.length + 1;
  const keep = (part: Uint8Array): void => {
    if (!isFull()) text += decoder.decode(part, { stream: true });
    bytes += part.length;
  };
  const endLine = (endBytes: number): void => {
    const rest = decoder.decode();
    const wasFull = isFull();
    const all = wasFull ? text : text + rest;
    const isCrLf = endBytes > 0 && !wasFull && all.endsWith("\r");
    const begun = index === 0 && all.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    const whole = all.slice(begun, isCrLf ? -1 : undefined);
    const truncated = whole.length > maxChars;
    lines.push({ index, text: truncated ? cut(whole, maxChars) : whole, bytes: bytes + endBytes, truncated });
    text = "";
    bytes = 0;
  };
  return {
    get isDone() {
      return index >= to;
    },
    get line() {
      return index;
    },
    get isFull() {
      return isFull();
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
    skip(more) {
      if (index >= from) bytes += more;
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
