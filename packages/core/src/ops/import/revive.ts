/** Takes a source in whose session was purged, if it has gone on since. */
import { ArchiverError } from "../../errors.js";
import { crc32 } from "../../format/crc32.js";
import { countIn } from "../../line-count.js";
import { countAt, KEY } from "../../metadata.js";
import type { Meta } from "../../ports.js";
import { markWritten } from "../append.js";
import { leaveNothingBehind } from "../finish-remove.js";
import type { Feed } from "./feed.js";
import { type Job, type Seen, seenBy } from "./job.js";
import { createOutput, isDone } from "./take-in.js";

/** Bytes and CRC-32 of the output that was given up; the CRC is not known of very old tombstones. */
function lostOutput(meta: Meta): { readonly bytes: number; readonly crc32: number | undefined } {
  const bytes = countIn(meta)?.bytes ?? countAt(meta, KEY.archivedBytes) ?? 0;
  return { bytes, crc32: countAt(meta, KEY.prunedCrc32) };
}

/** Whether a source with this size can't be more than what was given up. */
export function isNoMore(meta: Meta, { size }: Feed): boolean {
  return size !== undefined && size < lostOutput(meta).bytes;
}

/**
 * Makes all of the source the session's output if it is more than was given up, or of that length and rewritten: that shows
 * at its end, and nothing becomes visible before. `undefined` if somebody else has written to the session meanwhile.
 */
export async function takeInAgain(job: Job, meta: Meta): Promise<Seen | "pruned" | undefined> {
  const { ctx, id } = job;
  const lost = lostOutput(meta);
  const seen = seenBy(job, {});
  let crc = 0;
  const counted: Seen = {
    ...seen,
    add(chunk) {
      crc = crc32(chunk, crc);
      seen.add(chunk);
    },
  };
  const noMore = new ArchiverError("PRUNED", `The source of session "${id}" has not gone on.`, { id });
  try {
    const created = await createOutput(job, `live-${ctx.randomId()}`, counted, async () => {
      const { bytes } = seen.scan;
      const isRewritten = lost.crc32 !== undefined && crc !== lost.crc32;
      if (bytes < lost.bytes || (bytes === lost.bytes && !isRewritten)) throw noMore;
    });
    if (!created) return undefined;
    await leaveNothingBehind(ctx, id, [created]);
  } catch (error) {
    if (error === noMore) return "pruned";
    throw error;
  }
  isDone(job, "revived", seen.scan.bytes);
  await markWritten(ctx, id);
  return seen;
}
