/** Reads at any place in a file: blocks beside each other at once, and none again while it is among the last few MiB. */
import { concat, release } from "../bytes.js";
import { ArchiverError } from "../errors.js";
import type { ByteRange, Bytes } from "../ports.js";
import type { Range } from "./file-bytes.js";
import type { FileLayout } from "./file-layout.js";
import { blockCache } from "./line-index/block-cache.js";

/** A page usually lies in two segments; what was read to find where an end begins is then given. */
const KEPT_BYTES = 8 * 1024 * 1024;

/** Raw bytes `[start, end)` of a file, in an array of their own. */
export type Pages = (start: number, end: number) => Promise<Uint8Array>;

export interface PagedFile {
  readonly pages: Pages;
  /** The bytes from `start` to the end at `size`: those that are held, and a read of those between. */
  endFrom(start: number, size: number): Bytes;
}

/** What pages are read of. */
type Source = Pick<FileLayout, "blockAt"> & { read(range: ByteRange): Bytes };

export function pagesOf(file: Source, keptBytes: number = KEPT_BYTES): PagedFile {
  /** Blocks that are no longer held, but that a call may still have. */
  const dropped: Uint8Array[] = [];
  let calls = 0;
  const cache = blockCache(keptBytes, (block) => void dropped.push(block));

  /** Each block's bytes; a run of blocks that are not held is one read. */
  const load = (blocks: readonly Range[]): Promise<readonly Uint8Array[]> => {
    const loads: Promise<Uint8Array>[] = [];
    while (loads.length < blocks.length) {
      const run = blocks.slice(loads.length);
      const held = run.findIndex((block) => cache.has(keyOf(block)));
      const missing = held === -1 ? run : run.slice(0, held);
      const read = missing.length > 0 ? readBlocks(file, missing) : undefined;
      const part = async (i: number): Promise<Uint8Array> => (await read)?.[i] ?? new Uint8Array();
      for (const [i, block] of (read ? missing : run.slice(0, 1)).entries()) {
        loads.push(cache.get(keyOf(block), () => part(i)));
      }
    }
    return Promise.all(loads);
  };
  return {
    async pages(start, end) {
      const blocks: Range[] = [];
      for (let at = start; at < end; ) {
        const block = await file.blockAt(at);
        // Without this check, and the one of what was read, a search would never end.
        if (block.end <= at) throw noBytes(at);
        blocks.push(block);
        at = block.end;
      }
      calls++;
      try {
        const page = new Uint8Array(end - start);
        for (const [i, bytes] of (await load(blocks)).entries()) {
          const from = (blocks[i] as Range).start;
          page.set(bytes.subarray(Math.max(0, start - from), end - from), Math.max(0, from - start));
        }
        return page;
      } finally {
        calls--;
        // A search would fill memory with them faster than they are collected.
        for (const block of calls === 0 ? dropped.splice(0) : []) release(block);
      }
    },
    async *endFrom(start, size) {
      let at = start;
      for (const block of cache
        .keys()
        .map(rangeOf)
        .sort((a, b) => a.start - b.start)) {
        if (block.end <= at) continue;
        const bytes = await cache.get(
          keyOf(block),
          async () => (await readBlocks(file, [block]))[0] ?? new Uint8Array(),
        );
        if (block.start > at) yield* file.read({ start: at, end: block.start });
        yield bytes.slice(Math.max(0, at - block.start));
        at = block.end;
      }
      if (at < size) yield* file.read({ start: at, end: size });
    },
  };
}

function keyOf({ start, end }: Range): string {
  return `${start}-${end}`;
}

function rangeOf(key: string): Range {
  const [start = 0, end = 0] = key.split("-").map(Number);
  return { start, end };
}

/** Blocks beside each other, each in an array of its own. */
async function readBlocks(file: Source, blocks: readonly Range[]): Promise<readonly Uint8Array[]> {
  const start = blocks[0]?.start ?? 0;
  const end = blocks.at(-1)?.end ?? 0;
  const wholes: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  let at = start;
  for await (const chunk of file.read({ start, end })) {
    const { length } = chunk;
    let isKept = false;
    for (let from = 0; from < length; ) {
      const block = blocks[wholes.length];
      if (!block) break;
      const part = chunk.subarray(from, from + block.end - at);
      // A part must not hold the memory of all of it.
      isKept = part.length === length;
      parts.push(isKept ? part : part.slice());
      from += part.length;
      at += part.length;
      if (at < block.end) continue;
      wholes.push(concat(parts));
      for (const done of parts.length > 1 ? parts : []) release(done);
      parts = [];
    }
    if (!isKept) release(chunk);
  }
  if (wholes.length < blocks.length) throw noBytes(at);
  return wholes;
}

function noBytes(at: number): ArchiverError {
  return new ArchiverError("CORRUPT", `The store gave no bytes at offset ${at}. Verify it.`);
}
