/** What a tombstone says, and what is left of a session that is purged or removed. Pure. */

import type { Meta } from "../../ports.js";
import { archivedFiles } from "../archived-file.js";
import { KEY, OUTPUT, withKeys } from "../metadata.js";
import { NO_ARCHIVE, withGivenUp } from "./given-up.js";

/** A tombstone; the archive stays until `asPurged`, and that for `graceMs` at least. For ever, JSON can't say. */
export function asPruned(meta: Meta, at: number, reason: string, graceMs: number): Meta {
  const purgeAfter = Number.isFinite(at + graceMs) ? at + graceMs : null;
  return withKeys(meta, { [KEY.prunedAt]: at, [KEY.pruneReason]: reason, [KEY.purgeAfter]: purgeAfter });
}

export const NO_TOMBSTONE: Meta = { [KEY.prunedAt]: null, [KEY.pruneReason]: null, [KEY.purgeAfter]: null };

export function asUnpruned(meta: Meta): Meta {
  return withKeys(meta, NO_TOMBSTONE);
}

/**
 * The archive is given up: time, size, lines and CRC stay as its tombstone. `superfluous`: sink keys that hold nothing but
 * what is given up.
 */
export function asPurged(id: string, meta: Meta, now: number, superfluous: readonly string[] = []): Meta {
  const output = archivedFiles(id, meta).find((file) => file.name === OUTPUT);
  const purged = withKeys(meta, {
    ...NO_ARCHIVE,
    [KEY.archivedAt]: null,
    [KEY.purgeAfter]: null,
    [KEY.purgedAt]: now,
    [KEY.prunedCrc32]: output?.crc32,
  });
  return withGivenUp(id, meta, purged, superfluous);
}

/** What is left of a session that is being removed: what has to be deleted still. */
export function asRemoving(meta: Meta, now: number, givenUp: readonly string[]): Meta {
  const { [KEY.view]: view } = meta;
  return withKeys({}, { [KEY.view]: view, [KEY.removingAt]: now, [KEY.settlingAt]: now, [KEY.givenUp]: givenUp });
}
