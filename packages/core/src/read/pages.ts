/** Reads at any place in a file without inflating a segment each time: the last few blocks are kept. */
import { concat, toBytes } from "../bytes.js";
import { ArchiverError } from "../errors.js";
import type { ByteRange, Bytes } from "../ports.js";
import { blockCache } from "./line-index/block-cache.js";
import type { SessionReader } from "./read.js";

const NEWLINE = 10;
/** Usually enough; doubled until it is, up to about a segment. */
const FIRST_SEARCH = 64 * 1024;
const LONGEST_SEARCH = 1024 * 1024;
/** A page usually lies in two segments. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** Raw bytes `[start, end)` of a file. Do not change them: they may be needed again. */
export type Pages = (start: number, end: number) => Promise<Uint8Array>;

export function pagesOf(
  file: { blockAt: SessionReader["blockAt"]; read(range: ByteRange): Bytes },
  keptBytes: number = KEPT_BYTES,
): Pages {
  const cache = blockCache(keptBytes);
  return async (start, end) => {
    const chunks: Uint8Array[] = [];
    for (let at = start; at < end; ) {
      const block = await file.blockAt(at);
      const bytes = await cache.get(`${block.start}-${block.end}`, () => toBytes(file.read(block)));
      const chunk = bytes.subarray(at - block.start, end - block.start);
      // Without this check, the loop would never end.
      if (chunk.length === 0) throw new ArchiverError("CORRUPT", `The store gave no bytes at offset ${at}. Verify it.`);
      chunks.push(chunk);
      at += chunk.length;
    }
    return concat(chunks);
  };
}

/** Start of the last `count` lines before `end`, which is the end of a line. */
export async function lineStartBefore(pages: Pages, end: number, count: number): Promise<number> {
  if (count === 0) return end;
  let wanted = count;
  // The last byte may end the last line, but starts no line.
  for (let to = end - 1, look = FIRST_SEARCH; to > 0; look = Math.min(look * 2, LONGEST_SEARCH)) {
    const from = Math.max(0, to - look);
    const bytes = await pages(from, to);
    for (let at = bytes.length; at > 0; ) {
      at = bytes.lastIndexOf(NEWLINE, at - 1);
      if (at !== -1 && --wanted === 0) return from + at + 1;
    }
    to = from;
  }
  return 0;
}
