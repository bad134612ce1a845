/** Positions in a session's bytes with their line numbers. */
const NEWLINE = 10;

/** A byte offset, and the number of line ends before it: the number, from 0, of the line that this byte belongs to. */
export interface Checkpoint {
  readonly offset: number;
  readonly line: number;
  /** Whether it stands in the session's metadata, where it may be wrong: nobody has counted up to it here. */
  readonly isNoted?: boolean | undefined;
}

export const START: Checkpoint = { offset: 0, line: 0 };

export interface Scanned {
  /** Checkpoints after the start, one per stride. */
  readonly inner: readonly Checkpoint[];
  readonly end: Checkpoint;
}

/** Counts the line ends in the bytes that follow `start`. */
export function scan(bytes: Uint8Array, start: Checkpoint, strideBytes: number): Scanned {
  const inner: Checkpoint[] = [];
  let { line } = start;
  for (let at = 0; at < bytes.length; at += strideBytes) {
    if (at > 0) inner.push({ offset: start.offset + at, line });
    const stride = bytes.subarray(at, at + strideBytes);
    for (let i = stride.indexOf(NEWLINE); i !== -1; i = stride.indexOf(NEWLINE, i + 1)) line++;
  }
  return { inner, end: { offset: start.offset + bytes.length, line } };
}
