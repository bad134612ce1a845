/**
 * Where the lines of a session are: every so many bytes a checkpoint says how many line ends come before it. A session's
 * bytes only grow, wherever they are kept, so checkpoints stay right through every change of state.
 *
 * Known are two stretches, from the start and up to the end, which grow toward each other as lines between are asked for:
 * a long session opens at once at either end. Of an archived one the manifest gives the first stretch, to its end.
 */
import type { Bytes } from "@session-archiver/core";
import { type Block, type Checkpoint, findLast, type Scanned, scanBlock } from "./checkpoints.ts";

export interface LineIndex {
  /** Bytes and line ends up to the end that is known. */
  readonly end: Checkpoint;
  readonly isComplete: boolean;
  /** Counts up to this size. */
  extendTo(size: number): Promise<void>;
  /** Replaces what is known of the start by checkpoints that reach to `end`. */
  adopt(checkpoints: readonly Checkpoint[], end: Checkpoint): Promise<void>;
  /** The last checkpoint that is known to come before the start of the line, or the start of all. */
  seek(line: number): Promise<Checkpoint>;
  /** The block that holds this byte, which is before the end. */
  blockAt(offset: number): Promise<Block>;
  /** Looks at a few MiB that are not known yet; `false` if all are. */
  grow(): Promise<boolean>;
}

/** As large as a block gets, about: what a read of one line costs. */
const STRIDE_BYTES = 512 * 1024;
const STRIDES_A_STEP = 4;

/** `anchor`: a place up to which the line ends have been counted already; the start if there is none. */
export function createLineIndex(
  read: (block: Block) => Bytes,
  anchor: Checkpoint = { offset: 0, line: 0 },
  strideBytes: number = STRIDE_BYTES,
): LineIndex {
  const stepBytes = strideBytes * STRIDES_A_STEP;
  let front: Checkpoint[] = [{ offset: 0, line: 0 }];
  let frontEnd: Checkpoint = { offset: 0, line: 0 };
  let back: Checkpoint[] = [anchor];
  let end = anchor;
  let last: Promise<unknown> = Promise.resolve();

  const backStart = (): Checkpoint => back[0] ?? end;
  const isComplete = (): boolean => frontEnd.offset >= backStart().offset;
  /** One change at a time, in the order of the calls. */
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
  const scan = (start: Checkpoint, to: number): Promise<Scanned> =>
    scanBlock(read({ start: start.offset, end: to }), start, to, strideBytes);

  async function growFront(): Promise<void> {
    const to = Math.min(frontEnd.offset + stepBytes, backStart().offset);
    const scanned = await scan(frontEnd, to);
    front.push(...(front.at(-1)?.offset === frontEnd.offset ? scanned.inner : [frontEnd, ...scanned.inner]));
    frontEnd = scanned.end;
    // A count from elsewhere is believed until the bytes have been counted.
    const wrongBy = isComplete() ? frontEnd.line - backStart().line : 0;
    if (wrongBy !== 0) shiftBack(wrongBy);
  }
  function shiftBack(by: number): void {
    const shifted = ({ offset, line }: Checkpoint): Checkpoint => ({ offset, line: line + by });
    back = back.map(shifted);
    end = shifted(end);
  }
  async function growBack(): Promise<void> {
    const known = backStart();
    const start = { offset: Math.max(frontEnd.offset, known.offset - stepBytes), line: 0 };
    const scanned = await scan(start, known.offset);
    const before = known.line - scanned.end.line;
    const found = [start, ...scanned.inner].map(({ offset, line }) => ({ offset, line: line + before }));
    back = [...found, ...back];
    if (isComplete() && backStart().line !== frontEnd.line) shiftBack(frontEnd.line - backStart().line);
  }
  const inGap = (line: number): boolean => line > frontEnd.line && line <= backStart().line && !isComplete();

  return {
    get end() {
      return end;
    },
    get isComplete() {
      return isComplete();
    },
    extendTo: (size) =>
      exclusive(async () => {
        if (size <= end.offset) return;
        const scanned = await scan(end, size);
        for (const checkpoint of [end, ...scanned.inner]) {
          if (checkpoint.offset - (back.at(-1) ?? end).offset >= strideBytes) back.push(checkpoint);
        }
        end = scanned.end;
      }),
    adopt: (checkpoints, to) =>
      exclusive(async () => {
        front = checkpoints[0]?.offset === 0 ? [...checkpoints] : [{ offset: 0, line: 0 }, ...checkpoints];
        frontEnd = to;
        if (end.offset <= to.offset) end = to;
        const beyond = back.filter(({ offset }) => offset > to.offset);
        back = beyond.length === back.length ? beyond : [to, ...beyond];
      }),
    seek: (line) =>
      exclusive(async () => {
        while (inGap(line)) {
          if (line - frontEnd.line <= backStart().line - line) await growFront();
          else await growBack();
        }
        const list = line <= frontEnd.line || line <= backStart().line ? front : back;
        return list[findLast(list, (checkpoint) => checkpoint.line < line)] ?? { offset: 0, line: 0 };
      }),
    blockAt: (offset) =>
      exclusive(async () => {
        while (offset >= frontEnd.offset && offset < backStart().offset) {
          if (offset - frontEnd.offset <= backStart().offset - offset) await growFront();
          else await growBack();
        }
        const [list, to] = offset < frontEnd.offset ? [front, frontEnd] : [back, end];
        const at = findLast(list, (checkpoint) => checkpoint.offset <= offset);
        return { start: list[at]?.offset ?? 0, end: list[at + 1]?.offset ?? to.offset };
      }),
    grow: () =>
      exclusive(async () => {
        if (!isComplete()) await growFront();
        return !isComplete();
      }),
  };
}
