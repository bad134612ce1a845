/** Writes sessions to disk, and measures on the way what gzip makes of them. */
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Copy } from "./copies.js";
import { ratioMeter } from "./ratio.js";

export interface Made {
  readonly bytes: number;
  /** Raw bytes for each byte of `gzip -6`. */
  readonly ratio: number;
  /** Path, bytes, and unix ms of the last line of each. */
  readonly files: readonly (readonly [path: string, bytes: number, endMs: number])[];
}

const NEWLINE = 10;
const ENDS_LINE = Buffer.from("\n");

/** All in one file, cut behind the first line that brings it to so many bytes. */
export async function writeOneFile(folder: string, copies: Iterable<Copy>, bytes: number): Promise<Made> {
  const name = "large.jsonl";
  const meter = ratioMeter();
  const file = await open(join(folder, name), "wx");
  let written = 0;
  let lastMs = 0;
  try {
    for (const copy of copies) {
      const lines = cutTo(withLineEnd(copy.bytes), bytes - written);
      await file.writeFile(lines);
      await meter.add(lines);
      written += lines.length;
      lastMs = copy.endMs;
      if (written >= bytes) break;
    }
  } finally {
    await file.close();
  }
  return { bytes: written, ratio: await meter.end(), files: [[name, written, lastMs]] };
}

/** A file each, until there are so many bytes, or so many files. */
export async function writeSessions(
  folder: string,
  copies: Iterable<Copy>,
  limit: { readonly bytes?: number; readonly count?: number },
): Promise<Made> {
  const { bytes = Number.POSITIVE_INFINITY, count = Number.POSITIVE_INFINITY } = limit;
  const meter = ratioMeter();
  const files: [string, number, number][] = [];
  let written = 0;
  for (const copy of copies) {
    const name = `${copy.id}.jsonl`;
    await writeFile(join(folder, name), copy.bytes, { flag: "wx" });
    await meter.add(copy.bytes);
    written += copy.bytes.length;
    files.push([name, copy.bytes.length, copy.endMs]);
    if (written >= bytes || files.length >= count) break;
  }
  return { bytes: written, ratio: await meter.end(), files };
}

/** Sessions that are put together must not share a line. */
function withLineEnd(bytes: Buffer): Buffer {
  return bytes.at(-1) === NEWLINE ? bytes : Buffer.concat([bytes, ENDS_LINE]);
}

function cutTo(lines: Buffer, bytes: number): Buffer {
  if (lines.length <= bytes) return lines;
  return lines.subarray(0, lines.indexOf(NEWLINE, bytes - 1) + 1);
}
