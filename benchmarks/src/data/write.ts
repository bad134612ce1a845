/** Writes sessions to disk, and measures meanwhile how well gzip compresses them. */
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Copy } from "./copies.js";
import { ratioMeter } from "./ratio.js";

export interface Made {
  readonly bytes: number;
  /** Raw bytes for each byte of `gzip -6`. */
  readonly ratio: number;
  /** The path, the size, and the unix ms of the last line of each file. */
  readonly files: readonly (readonly [path: string, bytes: number, endMs: number])[];
}

const NEWLINE = 10;
const ENDS_LINE = Buffer.from("\n");

/** Writes all into one file. Stops after the first line that brings it to at least this many bytes. */
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

/** Writes each into its own file, until there are `bytes` bytes or `count` files. */
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

/** Adds a line end if there is none, so that two sessions never share a line. */
function withLineEnd(bytes: Buffer): Buffer {
  return bytes.at(-1) === NEWLINE ? bytes : Buffer.concat([bytes, ENDS_LINE]);
}

function cutTo(lines: Buffer, bytes: number): Buffer {
  if (lines.length <= bytes) return lines;
  return lines.subarray(0, lines.indexOf(NEWLINE, bytes - 1) + 1);
}
