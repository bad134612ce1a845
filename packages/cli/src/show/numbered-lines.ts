/** Cuts a session's bytes into numbered lines, in bounded memory however long a line is. */
import type { Bytes } from "@session-archiver/core";
import { LONGEST_LINE } from "@session-archiver/transcripts";

export interface NumberedLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Of the whole line, without its end. */
  readonly bytes: number;
  /** Whether the text is only the beginning. */
  readonly truncated: boolean;
}

const NEWLINE = 10;
const BYTE_ORDER_MARK = "\ufeff";

/** Of a line that is longer than `LONGEST_LINE`, as many UTF-16 units are shown. */
export const CUT_CHARS: number = 64 * 1024;

/** `first`: the number of the first line of these bytes. Lines of more than `longest` bytes are cut. */
export async function* numberedLines(
  bytes: Bytes,
  first: number,
  longest: number = LONGEST_LINE,
): AsyncGenerator<NumberedLine> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let number = first;
  let parts: Uint8Array[] = [];
  let kept = 0;
  let size = 0;
  const add = (part: Uint8Array): void => {
    const keeps = part.subarray(0, longest - kept);
    // A copy: the chunk may be used again.
    if (keeps.length > 0) parts.push(keeps.slice());
    kept += keeps.length;
    size += part.length;
  };
  const line = (): NumberedLine => {
    const truncated = size > kept;
    const decoded = decoder.decode(joined(parts, kept)).replace(/\r$/, "");
    const text = truncated ? beginningOf(decoded) : decoded;
    const done = { number, text: text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text, bytes: size, truncated };
    number++;
    parts = [];
    kept = 0;
    size = 0;
    return done;
  };
  for await (const chunk of bytes) {
    let at = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, at)) {
      add(chunk.subarray(at, end));
      yield line();
      at = end + 1;
    }
    add(chunk.subarray(at));
  }
  if (size > 0) yield line();
}

/** Cut inside a character, a text ends with a mark for it, or with the first half of it. */
function beginningOf(text: string): string {
  return text.slice(0, CUT_CHARS).replace(/\ufffd+$|[\ud800-\udbff]$/, "");
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0];
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
