/** What new output does to the metadata. Pure. */

import type { Meta } from "../../ports.js";
import { lostIn } from "../lost.js";
import { KEY, positiveAt, withKeys } from "../metadata.js";
import { isArchived, isPruned, isPurged } from "../state.js";
import { asNotReplacing, withoutCounts } from "./replaced.js";
import { asUnpruned, NO_TOMBSTONE } from "./tombstone.js";

/** Before live output is written to an archived session; takes back a tombstone whose bytes are still there. */
function asResumed(meta: Meta, now: number): Meta {
  if (!isArchived(meta)) return meta;
  // Output that arrives while an import replaces the output wins: the import finds that its intent is gone.
  const revived = asNotReplacing(isPruned(meta) ? asUnpruned(meta) : meta);
  return positiveAt(revived, KEY.resumedAt) === undefined ? withKeys(revived, { [KEY.resumedAt]: now }) : revived;
}

/** What new output does to a session in any state: a purged session is live again, an archived one resumed. */
export function asWritten(meta: Meta, now: number): Meta {
  return isPurged(meta) ? asRevived(meta) : asResumed(meta, now);
}

/**
 * Like {@link asWritten}, once the new output is there. Always a change, so that no swap against an earlier version can
 * succeed after it.
 */
export function asMarkedAnew(meta: Meta, now: number): Meta {
  const written = asWritten(meta, now);
  return isArchived(written) ? withKeys(written, { [KEY.resumedAt]: now }) : written;
}

/** New output for a purged session: it is live again, and what was lost stays on record. */
export function asRevived(meta: Meta): Meta {
  const lost = lostIn(meta);
  return withKeys(withoutCounts(meta), {
    ...NO_TOMBSTONE,
    [KEY.settlingAt]: null,
    [KEY.replacing]: null,
    [KEY.purgedAt]: null,
    [KEY.forgottenAt]: null,
    [KEY.lostBytes]: lost?.bytes,
    [KEY.lostAt]: lost?.purgedAt,
    [KEY.lostReason]: lost?.reason,
    [KEY.lostCrc32]: lost?.crc32,
    [KEY.archivedRawBytes]: null,
    [KEY.prunedCrc32]: null,
  });
}
