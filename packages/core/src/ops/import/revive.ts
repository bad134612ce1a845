/** Takes in the source of a purged session, if it has continued since. */

import type { Meta } from "../../ports.js";
import { countIn } from "../../session/line-count.js";
import { countAt, KEY } from "../../session/metadata.js";
import type { Snapshot } from "../../session/snapshot.js";
import type { Feed } from "./feed.js";
import type { Job, Seen } from "./job.js";
import { putOutput } from "./put-output.js";

/** Bytes and CRC-32 of the output that was given up. Very old tombstones have no CRC. */
function lostOutput(meta: Meta): { readonly bytes: number; readonly crc32: number | undefined } {
  const bytes = countIn(meta)?.bytes ?? countAt(meta, KEY.archivedRawBytes) ?? 0;
  return { bytes, crc32: countAt(meta, KEY.prunedCrc32) };
}

/** Whether the source is too short to hold more than was given up. */
export function isNoMore(meta: Meta, { size }: Feed): boolean {
  return size !== undefined && size < lostOutput(meta).bytes;
}

/**
 * Makes the whole source the session's output if it is longer than what was given up, or as long and rewritten, which
 * shows at its end. `undefined` if another writer has changed the session meanwhile.
 */
export async function takeInAgain(job: Job, purged: Snapshot): Promise<Seen | "unwanted" | undefined> {
  const lost = lostOutput(purged.object.meta);
  return putOutput(job, purged, async (bytes, crc) => {
    const isRewritten = lost.crc32 !== undefined && crc !== lost.crc32;
    return bytes > lost.bytes || (bytes === lost.bytes && isRewritten);
  });
}
