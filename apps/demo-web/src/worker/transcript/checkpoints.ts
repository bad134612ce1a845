/** Marks in a session's bytes that say which line is where. */
import { ArchiverError, type Bytes } from "@session-archiver/core";

const NEWLINE = 10;

/** A byte offset, and the line ends before it: the number, from 0, of the line this byte belongs to. */
export interface Checkpoint {
  readonly offset: number;
  readonly line: number;
}

/** Bytes between two checkpoints. */
export interface Block {
  readonly start: number;
  readonly end: number;
}

export interface Scanned {
  /** Checkpoints after the start, a stride apart. */
  readonly inner: readonly Checkpoint[];
  readonly end: Checkpoint;
}

/** Counts the line ends in `bytes`, which go from `start` to `to`; `CONFLICT` if there are fewer. */
export async function scanBlock(bytes: Bytes, start: Checkpoint, to: number, strideBytes: number): Promise<Scanned> {
  const inner: Checkpoint[] = [];
  let { offset, line } = start;
  let next = offset + strideBytes;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + next - offset);
      for (let i = part.indexOf(NEWLINE); i !== -1; i = part.indexOf(NEWLINE, i + 1)) line++;
      at += part.length;
      offset += part.length;
      if (offset < next) continue;
      if (offset < to) inner.push({ offset, line });
      next += strideBytes;
    }
  }
  if (offset !== to) throw new ArchiverError("CONFLICT", "The session changed while its lines were counted.");
  return { inner, end: { offset, line } };
}

/** Index of the last element for which `holds` is true, given that it is true for a first part of them; -1 if for none. */
export function findLast<T>(list: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(list[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
