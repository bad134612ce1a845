/** Keeps the lines around hits, if they are wanted: the beginning of each, as far as a later hit may need it. */
import { concat } from "@session-archiver/core";

export interface LineHead {
  readonly line: number;
  readonly bytes: Uint8Array;
  /** Whether the line goes on. */
  readonly isCut: boolean;
}

/** Bytes of a line that are kept. */
const MOST = 16 * 1024;
const NEWLINE = 10;

export interface ContextKeeper {
  add(block: Uint8Array): void;
  /** No more lines come. */
  end(): void;
  /** Whether all lines after this one that are wanted are there. */
  hasAfter(line: number): boolean;
  /** Lines of `[from, to)` that are kept. */
  between(from: number, to: number): readonly LineHead[];
  /** The number of the line that is not complete yet. */
  next(): number;
  /** Forgets what no line from this one on needs. */
  forgetBefore(line: number): void;
}

/** `count`: lines before and after. */
export function contextKeeper(count: number): ContextKeeper {
  let kept: LineHead[] = [];
  let line = 1;
  let parts: Uint8Array[] = [];
  let size = 0;
  let hasEnded = false;

  const take = (bytes: Uint8Array): void => {
    const room = Math.max(0, MOST - size);
    if (room > 0) parts.push(new Uint8Array(bytes.subarray(0, room))); // a copy, even of a Buffer
    size += bytes.length;
  };
  /** Kept lines have numbers in a row. */
  const indexOf = (of: number): number => Math.max(0, of - (kept[0]?.line ?? of));
  const endLine = (): void => {
    kept.push({ line: line++, bytes: concat(parts), isCut: size > MOST });
    parts = [];
    size = 0;
  };
  return {
    add(block) {
      let at = 0;
      for (let end = block.indexOf(NEWLINE); end !== -1; end = block.indexOf(NEWLINE, at)) {
        take(block.subarray(at, end));
        endLine();
        at = end + 1;
      }
      if (at < block.length) take(block.subarray(at));
    },
    end() {
      if (size > 0) endLine();
      hasEnded = true;
    },
    hasAfter: (of) => hasEnded || line > of + count,
    next: () => line,
    between: (from, to) => kept.slice(indexOf(from), indexOf(to)),
    forgetBefore(of) {
      kept = kept.slice(indexOf(of - count));
    },
  };
}
