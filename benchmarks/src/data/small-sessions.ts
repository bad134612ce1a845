/** Many small sessions of about one size, out of the lines of larger ones. */
import type { Copy } from "./copies.js";

const NEWLINE = 10;
/** A longer line would make a session of another size. */
const LONGEST_LINE = 10_000;
const ENOUGH = 18_000;

/** Sessions of 18 to 28 kB, 20 kB on the average. The last lines of a copy that don't fill one are left out. */
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

/** Whole lines with their ends; an unfinished last one is no line. */
function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0, end = bytes.indexOf(NEWLINE); end !== -1; start = end + 1, end = bytes.indexOf(NEWLINE, start)) {
    yield bytes.subarray(start, end + 1);
  }
}
