/** Questions that a snapshot answers about its session. */
import { ArchiverError } from "../errors.js";
import { type FileState, sizesOf } from "./file-state.js";
import { KEY, OUTPUT, positiveAt } from "./metadata.js";
import type { Snapshot } from "./snapshot.js";
import { isPruned, stateOf } from "./state.js";

/**
 * `PRUNED` if the session has a tombstone and no live bytes; live bytes show that it was written to or restored since.
 */
export function refusePruned({ object: { id, meta }, files }: Snapshot): void {
  if (isPruned(meta) && !files.some((state) => sizesOf(state).live > 0)) {
    throw new ArchiverError("PRUNED", `Session "${id}" was pruned; undo that first, if its grace period allows.`, {
      id,
    });
  }
}

/** The present size of the file in bytes. */
export function fileSize(state: FileState | undefined): number {
  if (!state) return 0;
  const { archived, live } = sizesOf(state);
  return archived + live;
}

export function fileNamed(snapshot: Snapshot, name: string = OUTPUT): FileState | undefined {
  return snapshot.files.find((state) => state.name === name);
}

/** Whether the output is this blob, ends with it, or was last archived from it. */
export function holdsBlob(snapshot: Snapshot, generation: string): boolean {
  const state = fileNamed(snapshot);
  if (!state) return false;
  const isCounted = "blob" in state && state.kind !== "candidate" && state.kind !== "stray";
  return (
    (isCounted && state.blob.generation === generation) || ("file" in state && state.file?.generation === generation)
  );
}

/** Whether the session is fully archived and no operation is in progress. */
export function isAtRest({ object: { meta }, files }: Snapshot): boolean {
  const isSettled = stateOf(meta) === "archived" && positiveAt(meta, KEY.settlingAt) === undefined;
  return isSettled && files.every((state) => state.kind === "archived");
}

/** Whether both hold the same output, however much was appended meanwhile: nothing was archived, replaced or restored. */
export function isSameOutput(first: Snapshot, now: Snapshot): boolean {
  // Compares the files' whole records, not just their keys: a restore that has begun notes generations there.
  const records = ({ object: { meta } }: Snapshot): string => JSON.stringify(meta[KEY.archiveFiles]);
  const generations = ({ files }: Snapshot): string =>
    JSON.stringify(files.map((state) => [state.name, state.kind === "live", "blob" in state && state.blob.generation]));
  return records(first) === records(now) && generations(first) === generations(now);
}

/** Whether live bytes are part of the output. */
export function hasNewOutput(snapshot: Snapshot): boolean {
  const state = fileNamed(snapshot);
  return state !== undefined && sizesOf(state).live > 0;
}
