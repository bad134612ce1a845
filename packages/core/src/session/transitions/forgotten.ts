/** What a session's metadata become when it is forgotten. Pure. */

import type { Meta } from "../../ports.js";
import { KEY, positiveAt, withKeys } from "../metadata.js";
import { isForgetting, isForgotten } from "../state.js";

/** The reason that the tombstone of a forgotten session gives. */
export const FORGOTTEN = "forgotten";

/**
 * The mark of a session that is being forgotten: like that of a removal, so that every operation takes the session for
 * gone. It holds no content: sink keys are made of the session's id and a time.
 */
export function asForgetting(meta: Meta, now: number, keys: readonly string[]): Meta {
  const forgottenAt = isForgotten(meta) || isForgetting(meta) ? positiveAt(meta, KEY.forgottenAt) : now;
  return withKeys(viewOf(meta), {
    [KEY.removingAt]: now,
    [KEY.settlingAt]: now,
    [KEY.forgottenAt]: forgottenAt,
    [KEY.givenUp]: keys,
  });
}

/** All that stays: the session was forgotten, and when. It reads as pruned, and can't be undone. */
export function asForgotten(meta: Meta): Meta {
  const at = positiveAt(meta, KEY.forgottenAt) ?? 0;
  return withKeys(viewOf(meta), {
    [KEY.prunedAt]: at,
    [KEY.pruneReason]: FORGOTTEN,
    [KEY.purgedAt]: at,
    [KEY.forgottenAt]: at,
  });
}

/** A host's own view may say something of the session. */
function viewOf(meta: Meta): Meta {
  return meta[KEY.view] === "agent" ? { [KEY.view]: "agent" } : {};
}
