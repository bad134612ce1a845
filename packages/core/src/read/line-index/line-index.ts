/**
 * Where the lines of a file are: every so many bytes a checkpoint says how many line ends come before it. A session's bytes
 * only grow, so checkpoints stay right.
 *
 * Known are two stretches, from the start and up to some end, which grow toward each other as lines between are asked for:
 * a long session opens at once at either end. Of an archived one the manifest gives the first stretch, to its end.
 */
import { findSegment as findLast } from "../../format/reader.js";
import type { Pages } from "../pages.js";
import { type Checkpoint, type Scanned, START, scan } from "./checkpoints.js";

export interface LineIndex {
  /** Bytes and line ends up to the end that is known. */
  readonly end: Checkpoint;
  /** Counts up to this size. */
  extendTo(size: number): Promise<void>;
  /** Replaces what is known of the start by checkpoints that reach to `end`. */
  adopt(checkpoints: readonly Checkpoint[], end: Checkpoint): Promise<void>;
  /** The last checkpoint known to come before the start of the line; counts up to `size` if need be. */
  seek(line: number, size: number): Promise<Checkpoint>;
  /** Looks at a few MiB of the first `size` bytes that are not known yet; `false` if all are. */
  grow(size: number): Promise<boolean>;
}

/** From one checkpoint to the next: what is read for one line, about. */
const STRIDE_BYTES = 512 * 1024;
const STRIDES_A_STEP = 4;

/** `anchor`: a place up to which the line ends have been counted already; the start if there is none. */
export function lineIndex(read: Pages, anchor: Checkpoint = START, strideBytes: number = STRIDE_BYTES): LineIndex {
  const stepBytes = strideBytes * STRIDES_A_STEP;
  let front: Checkpoint[] = [START];
  let frontEnd = START;
  let back: Checkpoint[] = [anchor];
  let end = anchor;
  let last: Promise<unknown> = Promise.resolve();

  const backStart = (): Checkpoint => back[0] ?? end;
  const isJoined = (): boolean => frontEnd.offset >= backStart().offset;
  /** One change at a time, in the order of the calls. */
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
  const scanned = async (start: Checkpoint, to: number): Promise<Scanned> =>
    scan(await read(start.offset, to), start, strideBytes);

  async function growFront(): Promise<void> {
    const found = await scanned(frontEnd, Math.min(frontEnd.offset + stepBytes, backStart().offset));
    front.push(...(front.at(-1)?.offset === frontEnd.offset ? found.inner : [frontEnd, ...found.inner]));
    frontEnd = found.end;
    trustFront();
  }
  async function growBack(): Promise<void> {
    const known = backStart();
    // In small steps: of an archive without a manifest the next segment is found from the one behind it.
    const start = { offset: Math.max(frontEnd.offset, known.offset - strideBytes), line: 0 };
    const found = await scanned(start, known.offset);
    const before = known.line - found.end.line;
    back = [...[start, ...found.inner].map(({ offset, line }) => ({ offset, line: line + before })), ...back];
    trustFront();
  }
  /** A count from elsewhere is believed until the bytes have been counted. */
  function trustFront(): void {
    const by = isJoined() ? frontEnd.line - backStart().line : 0;
    if (by === 0) return;
    const shifted = ({ offset, line }: Checkpoint): Checkpoint => ({ offset, line: line + by });
    back = back.map(shifted);
    end = shifted(end);
  }
  async function growEnd(size: number): Promise<void> {
    const found = await scanned(end, Math.min(size, end.offset + stepBytes));
    for (const checkpoint of [end, ...found.inner]) {
      if (checkpoint.offset - (back.at(-1) ?? end).offset >= strideBytes) back.push(checkpoint);
    }
    end = found.end;
  }

  return {
    get end() {
      return end;
    },
    extendTo: (size) =>
      exclusive(async () => {
        while (end.offset < size) await growEnd(size);
      }),
    adopt: (checkpoints, to) =>
      exclusive(async () => {
        front = checkpoints[0]?.offset === 0 ? [...checkpoints] : [START, ...checkpoints];
        frontEnd = to;
        if (end.offset <= to.offset) end = to;
        const beyond = back.filter(({ offset }) => offset > to.offset);
        back = beyond.length === back.length ? beyond : [to, ...beyond];
      }),
    seek: (line, size) =>
      exclusive(async () => {
        while (end.line < line && end.offset < size) await growEnd(size);
        while (line > frontEnd.line && line <= backStart().line && !isJoined()) {
          if (line - frontEnd.line <= backStart().line - line) await growFront();
          else await growBack();
        }
        const list = line <= frontEnd.line || line <= backStart().line ? front : back;
        return list[findLast(list, (checkpoint) => checkpoint.line < line)] ?? START;
      }),
    grow: (size) =>
      exclusive(async () => {
        if (!isJoined()) await growFront();
        else if (end.offset < size) await growEnd(size);
        return !isJoined() || end.offset < size;
      }),
  };
}
