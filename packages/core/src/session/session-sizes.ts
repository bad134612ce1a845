/** State and sizes of a session: by a look at its blobs, or by its metadata alone. */
import type { Meta } from "../ports.js";
import { sizesOf } from "./file-state.js";
import { countIn } from "./line-count.js";
import { countAt, KEY, positiveAt } from "./metadata.js";
import type { Snapshot } from "./snapshot.js";
import { fileSize } from "./snapshot-facts.js";
import { hasOriginals, isPruned, type SessionState, stateOf } from "./state.js";

export interface SessionSizes {
  readonly state: SessionState;
  readonly rawBytes: number;
  readonly liveBytes: number;
}

export function snapshotSizes(snapshot: Snapshot): SessionSizes {
  const { files } = snapshot;
  const state = liveState(snapshot);
  const whole = files.reduce((sum, file) => sum + fileSize(file), 0);
  return {
    state,
    rawBytes: state === "pruned" ? (countAt(snapshot.object.meta, KEY.archivedRawBytes) ?? 0) : whole,
    liveBytes: files.reduce((sum, file) => sum + ("blob" in file ? file.blob.size : 0), 0),
  };
}

/**
 * Without live sidecars, and output that a recorder has yet to count. `undefined` if the metadata does not say how much of
 * the session is live, or if an operation was cut short.
 */
export function knownSizes(meta: Meta): SessionSizes | undefined {
  if (positiveAt(meta, KEY.settlingAt) !== undefined) return undefined;
  const state = stateOf(meta);
  const archived = countAt(meta, KEY.archivedRawBytes) ?? 0;
  const isAtRest = state === "archived" || isPruned(meta);
  const rawBytes = isAtRest ? archived : countIn(meta)?.bytes;
  if (rawBytes === undefined || rawBytes < archived) return undefined;
  const isMirrored = state === "archived" && hasOriginals(meta);
  return { state: isMirrored ? "mirrored" : state, rawBytes, liveBytes: rawBytes - archived };
}

/** The state by metadata and blobs: new output counts even before it is noted. */
function liveState({ object, files }: Snapshot): SessionState {
  const state = stateOf(object.meta);
  const isWritten = files.some((file) => file.kind === "continuation");
  if (state === "archived" || state === "resumed") {
    if (isWritten) return "resumed";
    return hasOriginals(object.meta) ? "mirrored" : "archived";
  }
  if (state !== "pruned" || !files.some((file) => sizesOf(file).live > 0)) return state;
  return isWritten ? "resumed" : "live";
}
