/** What is still known of the bytes that a session has given up. Pure. */

import type { Meta } from "../ports.js";
import { countAt, KEY, positiveAt, stringAt } from "./metadata.js";
import { isForgotten, isPurged } from "./state.js";

/** `null`: unknown, or noted by a version that kept only the bytes. */
export interface Lost {
  /** Raw bytes, over all purges of the session. */
  readonly bytes: number;
  /** Of the last purge: when it was (unix ms), why the archive had been pruned, and the CRC-32 of its output. */
  readonly purgedAt: number | null;
  readonly reason: string | null;
  readonly crc32: number | null;
}

/** Also for a session that was written to since; `null` if nothing was ever given up, or if it was forgotten. */
export function lostIn(meta: Meta): Lost | null {
  if (isForgotten(meta)) return null;
  const before = countAt(meta, KEY.lostBytes);
  if (isPurged(meta)) {
    return {
      bytes: (before ?? 0) + (countAt(meta, KEY.archivedRawBytes) ?? 0),
      purgedAt: positiveAt(meta, KEY.purgedAt) ?? null,
      reason: stringAt(meta, KEY.pruneReason) ?? null,
      crc32: countAt(meta, KEY.prunedCrc32) ?? null,
    };
  }
  if (before === undefined) return null;
  return {
    bytes: before,
    purgedAt: positiveAt(meta, KEY.lostAt) ?? null,
    reason: stringAt(meta, KEY.lostReason) ?? null,
    crc32: countAt(meta, KEY.lostCrc32) ?? null,
  };
}
