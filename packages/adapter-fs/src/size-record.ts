/**
 * How many bytes of a blob's file count. Appended bytes are made durable first, then the new size: a crash half-way
 * leaves bytes beyond the recorded size, which nobody reads and the next append cuts off. A blob that was never appended
 * to has no record; all of its file counts.
 *
 * The record has two lines, each a size with its checksum. The one that doesn't hold the newest size is overwritten in
 * place, so that at every instant the other one is whole. Sizes only grow: the larger one counts.
 */
import { rename } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { ArchiverError, bytesOf, type ErrorContext } from "@session-archiver/core/adapter";
import { committing } from "./errors.js";
import { openFile, READ_WRITE, readText, writeAt } from "./files.js";
import type { Staging } from "./staging.js";

export interface SizeRecord {
  readonly size: number;
  /** The line it stands in. */
  readonly line: 0 | 1;
}

const DIGITS = 16;
const LINE_LENGTH = DIGITS + 1 + 8 + 1;

function lineOf(size: number): string {
  const digits = String(size).padStart(DIGITS, "0");
  return `${digits} ${crc32(digits).toString(16).padStart(8, "0")}\n`;
}

function sizeIn(line: string): number {
  const size = Number(line.slice(0, DIGITS));
  return lineOf(size) === line ? size : -1;
}

/** `undefined` if there is none, `CORRUPT` if neither line is whole. */
export function readSizeRecord(path: string): SizeRecord | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const first = sizeIn(text.slice(0, LINE_LENGTH));
  const second = sizeIn(text.slice(LINE_LENGTH, 2 * LINE_LENGTH));
  if (first < 0 && second < 0)
    throw new ArchiverError("CORRUPT", `${path} doesn't say how many bytes of its blob count.`);
  return first > second ? { size: first, line: 0 } : { size: second, line: 1 };
}

/** Makes a record, durable but for its entry in the directory. */
export async function createSizeRecord(
  path: string,
  size: number,
  staging: Staging,
  context: ErrorContext,
): Promise<SizeRecord> {
  const body = bytesOf(new TextEncoder().encode(lineOf(size).repeat(2)));
  await staging.write(body, { doing: "record the size of a blob", context }, (file) => rename(file.path, path));
  return { size, line: 1 };
}

/** Commits an append. */
export async function updateSizeRecord(path: string, before: SizeRecord, size: number): Promise<void> {
  const handle = await openFile(path, READ_WRITE);
  if (!handle) throw new ArchiverError("CORRUPT", `${path} is gone; it says how many bytes of its blob count.`);
  try {
    await committing(async () => {
      await writeAt(handle, new TextEncoder().encode(lineOf(size)), before.line === 0 ? LINE_LENGTH : 0);
      await handle.datasync();
    });
  } finally {
    await handle.close();
  }
}
