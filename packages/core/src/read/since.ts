/** Reads everything from a time on. */
import type { Context } from "../context.js";
import { ArchiverError } from "../errors.js";
import type { Bytes } from "../ports.js";
import { pagesOf } from "./pages.js";
import { openFile, type ReadOptions } from "./read.js";
import { startOf } from "./search-back.js";

/**
 * Everything from the first line whose time is `unixMs` or later, to the end; a line's time is its top-level
 * `timestamp`. Later lines with older times, or none, are included: clocks go back. To find that line, the session is
 * looked through from its end, until more than 1 MiB of lines with older times lie before the one that was found last. It
 * may be looked through farther back where a line was unfinished when it was archived. A line of more than 4 MiB has no
 * time. Yields nothing if there is no such line.
 */
export async function* readSince(ctx: Context, id: string, unixMs: number, options?: ReadOptions): Bytes {
  if (!Number.isFinite(unixMs)) {
    throw new ArchiverError("INVALID_ARGUMENT", `The time must be a number of ms since 1970, is ${unixMs}.`);
  }
  const file = await openFile(ctx, id, options);
  const { pages, endFrom } = pagesOf(file);
  yield* endFrom(await startOf(file, pages, unixMs), file.size);
}
