/** Looks whether raw bytes can be lines of JSON. Damaged data that still inflates seldom can. */
import { SEGMENT_BYTES } from "./gzip/frame.js";

export interface TextLook {
  /** Whether the first line is JSON or blank, so that it may begin where the bytes begin. */
  readonly startsLine: boolean;
  readonly endsLine: boolean;
  /** Whether all lines between the first and an unfinished last one are JSON or blank. */
  readonly isJsonl: boolean;
}

const NEWLINE = 10;

export function lookAtText(raw: Uint8Array): TextLook {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const isJson = (line: Uint8Array): boolean => {
    try {
      const text = decoder.decode(line).trim();
      if (text !== "") JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const first = raw.indexOf(NEWLINE);
  // A line longer than a segment can't be checked in parts.
  const startsLine = first === -1 ? raw.length >= SEGMENT_BYTES || isJson(raw) : isJson(raw.subarray(0, first));
  let isJsonl = true;
  for (let at = first + 1; at > 0 && isJsonl; ) {
    const end = raw.indexOf(NEWLINE, at);
    if (end === -1) break;
    isJsonl = isJson(raw.subarray(at, end));
    at = end + 1;
  }
  return { startsLine, endsLine: raw.at(-1) === NEWLINE, isJsonl };
}
