/** Reads what happened from a time on. */
import { concat } from "../bytes.js";
import type { Context } from "../context.js";
import { ArchiverError } from "../errors.js";
import { timestampOf } from "../jsonl.js";
import type { Bytes } from "../ports.js";
import { readEnd } from "./lines.js";
import { type Pages, pagesOf } from "./pages.js";
import { openFile, type ReadOptions } from "./read.js";

const NEWLINE = 10;
const STEP_BYTES = 1024 * 1024;
/** A line of more than so many steps is taken for one without a time. */
const LONGEST_LINE = 4;

/**
 * All from the first line on whose time is `unixMs` or later; a line's time is its top-level `timestamp`. Lines behind it
 * that are older or have no time are given as well: clocks go back. To find that line the session is read back from its
 * end by steps of 1 MiB, up to a step in which there are times, and all of them older. A line belongs to the step that holds
 * the line end before it, and has no time if it is longer than 4 MiB. Nothing if there is no such line.
 */
export async function* readSince(ctx: Context, id: string, unixMs: number, options?: ReadOptions): Bytes {
  if (!Number.isFinite(unixMs)) {
    throw new ArchiverError("INVALID_ARGUMENT", `The time must be a number of ms since 1970, is ${unixMs}.`);
  }
  const file = await openFile(ctx, id, options);
  const pages = pagesOf(file);
  yield* readEnd(file, pages, await startOf(pages, file.size, unixMs));
}

/** Offset of the first line at or after the time; `size` if there is none. `step` is smaller in tests only. */
export async function startOf(pages: Pages, size: number, unixMs: number, step: number = STEP_BYTES): Promise<number> {
  const longest = LONGEST_LINE * step;
  const decoder = new TextDecoder();
  let found = size;
  /** What follows the step, up to the end of the line that it ends in. */
  let rest: Uint8Array = new Uint8Array();
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - step);
    const bytes = concat([await pages(start, end), rest]);
    const firstEnd = bytes.indexOf(NEWLINE) + 1 || bytes.length;
    let before = found;
    let isOlder = false;
    for (let at = start === 0 ? 0 : firstEnd; at < bytes.length; ) {
      const next = bytes.indexOf(NEWLINE, at) + 1 || bytes.length;
      const time = next - at > longest ? undefined : timestampOf(decoder.decode(bytes.subarray(at, next)));
      isOlder ||= time !== undefined && time < unixMs;
      if (time !== undefined && time >= unixMs) {
        before = start + at;
        break;
      }
      at = next;
    }
    if (isOlder && before === found) break;
    found = before;
    // That much of a line tells that it is too long.
    rest = bytes.slice(0, Math.min(firstEnd, longest + 1));
    end = start;
  }
  return found;
}
