/** The bytes of files that are held open: their CRC-32, and how two contents relate. */
import { crc32 } from "node:zlib";
import { ArchiverError, type Bytes, type OpOptions, throwIfAborted } from "@session-archiver/core";
import type { OpenFile } from "../files.js";
import { holds, tellingLineIn } from "../read/telling-line.js";
import type { ClaimContext, Extent } from "./claim-types.js";

/** The bytes `[start, end)` of an open file. */
export interface Piece {
  readonly file: OpenFile;
  readonly start: number;
  readonly end: number;
}

/**
 * superset: the later content begins with all of the earlier. prefix: it is the beginning of the earlier. fragment: it
 * continues the earlier. other: it is another content of the same file.
 */
export type Verdict = "superset" | "prefix" | "fragment" | "other";

/** How much of a file is looked at to see whether its beginning is missing: a first line of Codex has 22 kB. */
const HEAD_BYTES = 256 * 1024;
const NEW_LINE = 10;

export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** All bytes of the pieces, one after the other. `CONFLICT` if a file has become shorter. */
export async function* readPieces(pieces: readonly Piece[]): Bytes {
  for (const { file, start, end } of pieces) {
    let at = start;
    if (start === end) continue;
    for await (const bytes of file.read({ start, end })) {
      at += bytes.length;
      yield bytes;
    }
    if (at !== end) throw new ArchiverError("CONFLICT", `A file was cut at byte ${at} while it was read.`);
  }
}

/** What the first `size` bytes are. Its size is smaller if the file ends before. */
export async function extentOf(file: OpenFile, size: number, op: OpOptions = {}): Promise<Extent> {
  let crc = 0;
  let read = 0;
  if (size === 0) return { size: 0, crc32: 0 };
  for await (const bytes of file.read({ start: 0, end: size })) {
    throwIfAborted(op.signal);
    crc = crc32(bytes, crc);
    read += bytes.length;
  }
  return { size: read, crc32: crc };
}

export function isSameExtent(a: Extent, b: Extent): boolean {
  return a.size === b.size && a.crc32 === b.crc32;
}

export async function judge(
  ctx: Pick<ClaimContext, "isFragment">,
  earlier: readonly Piece[],
  later: Piece,
): Promise<Verdict> {
  const size = later.end - later.start;
  const common = Math.min(lengthOf(earlier), size);
  if (await isSameStart(earlier, later, common)) return size >= lengthOf(earlier) ? "superset" : "prefix";
  const head = await headOf([later]);
  const isHeadless = ctx.isFragment
    ? ctx.isFragment(head)
    : !isEqual(firstLine(head), firstLine(await headOf(earlier)));
  // What continues the earlier has lines of its own: with some of the earlier it is the same file, written anew.
  if (!isHeadless) return "other";
  const line = tellingLineIn(head);
  const isRewritten = line && (await holds(readPieces(earlier), head.subarray(line.start, line.end)));
  return isRewritten ? "other" : "fragment";
}

async function isSameStart(earlier: readonly Piece[], later: Piece, length: number): Promise<boolean> {
  const a = new Reader(readPieces(earlier));
  const b = new Reader(readPieces([later]));
  try {
    for (let left = length; left > 0; ) {
      const most = Math.min(left, (await a.buffered()).length, (await b.buffered()).length);
      if (most === 0 || !isEqual(a.take(most), b.take(most))) return false;
      left -= most;
    }
    return true;
  } finally {
    await a.close();
    await b.close();
  }
}

/** Bytes of a stream, in the amounts that somebody asks for. */
class Reader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: Bytes) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** What was read and not taken yet; empty only at the end. */
  async buffered(): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#source.next();
      if (done) break;
      this.#rest = value;
    }
    return this.#rest;
  }

  take(length: number): Uint8Array {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}

async function headOf(pieces: readonly Piece[]): Promise<Uint8Array> {
  const head = new Uint8Array(Math.min(lengthOf(pieces), HEAD_BYTES));
  let filled = 0;
  for await (const bytes of readPieces(pieces)) {
    const part = bytes.subarray(0, head.length - filled);
    head.set(part, filled);
    filled += part.length;
    if (filled === head.length) break;
  }
  return head.subarray(0, filled);
}

function firstLine(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(NEW_LINE);
  return end === -1 ? bytes : bytes.subarray(0, end + 1);
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
