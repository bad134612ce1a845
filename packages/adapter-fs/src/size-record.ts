/**
 * How many bytes of a blob's file count. An append makes its bytes durable first, then the new size: a crash half-way
 * leaves bytes beyond the recorded size, which no reader sees and the next append cuts off. A blob that was never appended
 * to has no record: all bytes of its file count.
 *
 * The record has two lines, each a size with its checksum. An update overwrites the line with the older size in place, so
 * that at every instant the other line is whole. Sizes only grow: the larger one counts.
 */
import { closeSync, readSync, renameSync } from "node:fs";
import { crc32 } from "node:zlib";
import { ArchiverError, bytesOf } from "@session-archiver/core/adapter";
import { mapCommitErrors } from "./errors.js";
import { syncData, writeAt } from "./file-bytes.js";
import { openFile, READ_WRITE, readText } from "./files.js";
import type { Staging } from "./staging.js";

export interface SizeRecord {
  readonly size: number;
  /** The line that holds it. */
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
  return text === undefined ? undefined : recordIn(text, path);
}

function recordIn(text: string, path: string): SizeRecord {
  const first = sizeIn(text.slice(0, LINE_LENGTH));
  const second = sizeIn(text.slice(LINE_LENGTH, 2 * LINE_LENGTH));
  if (first < 0 && second < 0) {
    throw new ArchiverError("CORRUPT", `${path} doesn't say how many bytes of its blob count.`);
  }
  return first > second ? { size: first, line: 0 } : { size: second, line: 1 };
}

/** A record that is open for an append, to be closed by the caller. */
export interface OpenSizeRecord extends SizeRecord {
  readonly descriptor: number;
}

/** As {@link readSizeRecord}. */
export function openSizeRecord(path: string): OpenSizeRecord | undefined {
  const opened = openFile(path, READ_WRITE);
  if (!opened) return undefined;
  const { descriptor } = opened;
  try {
    const lines = Buffer.alloc(2 * LINE_LENGTH);
    const length = readSync(descriptor, lines, 0, lines.length, 0);
    return { descriptor, ...recordIn(lines.toString("latin1", 0, length), path) };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Makes a record. It is durable once its directory is synced. */
export async function createSizeRecord(path: string, size: number, staging: Staging): Promise<void> {
  const body = bytesOf(new TextEncoder().encode(lineOf(size).repeat(2)));
  await staging.write(body, async (file) => renameSync(file.path, path));
}

/** Commits an append. */
export async function updateSizeRecord(record: OpenSizeRecord | undefined, path: string, size: number): Promise<void> {
  if (!record) throw new ArchiverError("CORRUPT", `${path} is gone; it says how many bytes of its blob count.`);
  await mapCommitErrors(async () => {
    const line = new TextEncoder().encode(lineOf(size));
    await writeAt(record.descriptor, line, record.line === 0 ? LINE_LENGTH : 0);
    await syncData(record.descriptor);
  });
}
