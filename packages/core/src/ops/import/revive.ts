/** Takes a source in whose session was purged, if it has gone on since. */

import type { Meta } from "../../ports.js";
import { countIn } from "../../session/line-count.js";
import { countAt, KEY } from "../../session/metadata.js";
import type { Snapshot } from "../../session/snapshot.js";
import type { Feed } from "./feed.js";
import type { Job, Seen } from "./job.js";
import { putOutput } from "./put-output.js";

/** Bytes and CRC-32 of the output that was given up; the CRC is not known of very old tombstones. */
function lostOutput(meta: Meta): { readonly bytes: number; readonly crc32: number | undefined } {
  const bytes = countIn(meta)?.bytes ?? countAt(meta, KEY.archivedRawBytes) ?? 0;
  return { bytes, crc32: countAt(meta, KEY.prunedCrc32) };
}

/** Whether a source with this size can't be more than what was given up. */
export function isNoMore(meta: Meta, { size }: Feed): boolean {
  return size !== undefined && size < lostOutput(meta).bytes;
}

/**
 * Makes all of the source the session's output if it is more than was given up, or of that length and rewritten: that shows
 * at its end. `undefined` if somebody else has written to the session meanwhile.
 */
export async function takeInAgain(job: Job, purged: Snapshot): Promise<Seen | "unwanted" | undefined> {
  const lost = lostOutput(purged.object.meta);
  return putOutput(job, purged, async (bytes, crc) => {
    const isRewritten = lost.crc32 !== undefined && crc !== lost.crc32;
    return bytes > lost.bytes || (bytes === lost.bytes && isRewritten);
  });
}
