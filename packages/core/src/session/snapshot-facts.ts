/** What a snapshot says of its session. */
import { ArchiverError } from "../errors.js";
import { type FileState, sizesOf } from "./file-state.js";
import { KEY, OUTPUT, positiveAt } from "./metadata.js";
import type { Snapshot } from "./snapshot.js";
import { isPruned, stateOf } from "./state.js";

/** `PRUNED` if there is nothing but a tombstone; one that was written to or restored since is in use. */
export function refusePruned({ object: { id, meta }, files }: Snapshot): void {
  if (isPruned(meta) && !files.some((state) => sizesOf(state).live > 0)) {
    throw new ArchiverError("PRUNED", `Session "${id}" was pruned; undo that first, if its grace period allows.`, {
      id,
    });
  }
}

/** The file's bytes as they stand. */
export function fileSize(state: FileState | undefined): number {
  if (!state) return 0;
  const { archived, live } = sizesOf(state);
  return archived + live;
}

export function fileNamed(snapshot: Snapshot, name: string = OUTPUT): FileState | undefined {
  return snapshot.files.find((state) => state.name === name);
}

/** Whether the output is this blob, ends with it, or was archived from it last. */
export function holdsBlob(snapshot: Snapshot, generation: string): boolean {
  const state = fileNamed(snapshot);
  if (!state) return false;
  const isCounted = "blob" in state && state.kind !== "candidate" && state.kind !== "stray";
  return (
    (isCounted && state.blob.generation === generation) || ("file" in state && state.file?.generation === generation)
  );
}

/** Whether all of it is in the archive, and nothing is under way. */
export function isAtRest({ object: { meta }, files }: Snapshot): boolean {
  const isSettled = stateOf(meta) === "archived" && positiveAt(meta, KEY.settlingAt) === undefined;
  return isSettled && files.every((state) => state.kind === "archived");
}

/** Whether the output has live bytes that are part of it. */
export function hasNewOutput(snapshot: Snapshot): boolean {
  const state = fileNamed(snapshot);
  return state !== undefined && sizesOf(state).live > 0;
}
