/** Makes many small sessions of about one size from the lines of larger ones. */
import type { Copy } from "./copies.js";

const NEWLINE = 10;
/** Longer lines are left out, because they would make a larger session. */
const LONGEST_LINE = 10_000;
const ENOUGH = 18_000;

/** Sessions of 18 to 28 kB, 20 kB on average. Leaves out a copy's last lines if they don't fill one. */
export function* smallSessions(copies: Iterable<Copy>): Generator<Copy> {
  for (const { id, bytes, endMs } of copies) {
    let lines: Buffer[] = [];
    let size = 0;
    let part = 0;
    for (const line of linesOf(bytes)) {
      if (line.length > LONGEST_LINE) continue;
      lines.push(line);
      size += line.length;
      if (size < ENOUGH) continue;
      yield { id: `${id}-${part++}`, bytes: Buffer.concat(lines), endMs };
      lines = [];
      size = 0;
    }
  }
}

/** The complete lines with their ends; leaves out an unfinished last line. */
function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0, end = bytes.indexOf(NEWLINE); end !== -1; start = end + 1, end = bytes.indexOf(NEWLINE, start)) {
    yield bytes.subarray(start, end + 1);
  }
}
