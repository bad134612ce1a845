/** Compares a file that lies elsewhere with what its session's archive holds of it. */
import { isSame } from "../../bytes.js";
import type { Context } from "../../context.js";
import { crc32 } from "../../format/crc32.js";
import type { OpOptions } from "../../ports.js";
import { openFile } from "../../read/read.js";
import type { ArchivedFile } from "../../session/archived-file.js";
import { feedOf } from "../import/feed.js";
import type { Original } from "./mirror-types.js";

export interface ComparedFile {
  readonly original: Original;
  /**
   * held: the archive holds exactly these bytes. new: it holds the first `from` of them. older: it holds these and more.
   * differs: it holds others.
   */
  readonly how: "held" | "new" | "older" | "differs";
  readonly from: number;
  /** CRC-32 of all of the file's bytes, and of those from `from` on. */
  readonly crc32: number;
  readonly newCrc32: number;
}

/** `add` gets the file's bytes from its first on; what it was given counts only if the file turns out to be held or new. */
export async function compareFile(
  ctx: Context,
  id: string,
  original: Original,
  file: ArchivedFile | undefined,
  add: (chunk: Uint8Array) => void,
  op: OpOptions,
): Promise<ComparedFile> {
  const { source } = original;
  const from = file?.rawBytes ?? 0;
  if (source.size < from) return shorter(ctx, id, original, op);
  const reader = feedOf(id, source).open(0);
  let all = 0;
  let fresh = 0;
  let at = 0;
  let isOther = false;
  try {
    for (;;) {
      // No chunk spans the end of what is archived, so that the checksum there can be compared.
      const chunk = await reader.take(Math.min(STEP_BYTES, at < from ? from - at : STEP_BYTES));
      if (chunk.length === 0) break;
      add(chunk);
      all = crc32(chunk, all);
      if (from > 0 && at >= from) fresh = crc32(chunk, fresh);
      at += chunk.length;
      if (at === from && file && all !== file.crc32) isOther = true;
    }
  } finally {
    await reader.close();
  }
  const how = isOther ? "differs" : file && source.size === from ? "held" : "new";
  return { original, how, from, crc32: all, newCrc32: from > 0 ? fresh : all };
}

const STEP_BYTES = 1024 * 1024;

/** A file that is shorter than its archive: a copy of an earlier state, or another one. */
async function shorter(ctx: Context, id: string, original: Original, op: OpOptions): Promise<ComparedFile> {
  const { name, source } = original;
  const reader = feedOf(id, source).open(0);
  const held = await openFile(ctx, id, { ...op, name });
  let crc = 0;
  let isOther = false;
  try {
    for await (const chunk of held.read({ start: 0, end: source.size })) {
      const own = await reader.take(chunk.length);
      if (!isSame(own, chunk)) isOther = true;
      crc = crc32(own, crc);
    }
  } finally {
    await reader.close();
  }
  return { original, how: isOther ? "differs" : "older", from: 0, crc32: crc, newCrc32: 0 };
}
