/** What a snapshot says of its session. */
import { ArchiverError } from "../errors.js";
import { type Part, sizesOf } from "./file-state.js";
import { KEY, OUTPUT, positiveAt } from "./metadata.js";
import type { Snapshot } from "./snapshot.js";
import { isPruned, stateOf } from "./state.js";

/** `PRUNED` if there is nothing but a tombstone; one that was written to or restored since is in use. */
export function refusePruned({ object: { id, meta }, parts }: Snapshot): void {
  if (isPruned(meta) && !parts.some((part) => sizesOf(part).live > 0)) {
    throw new ArchiverError("PRUNED", `Session "${id}" was pruned; undo that first, if its grace period allows.`, {
      id,
    });
  }
}

/** The file's bytes as they stand. */
export function fileSize(part: Part | undefined): number {
  if (!part) return 0;
  const { archived, live } = sizesOf(part);
  return archived + live;
}

export function partNamed(snapshot: Snapshot, name: string = OUTPUT): Part | undefined {
  return snapshot.parts.find((part) => part.name === name);
}

/** Whether the output is this blob, ends with it, or was archived from it last. */
export function holdsBlob(snapshot: Snapshot, generation: string): boolean {
  const part = partNamed(snapshot);
  if (!part) return false;
  const isCounted = "blob" in part && part.kind !== "candidate" && part.kind !== "stray";
  return (isCounted && part.blob.generation === generation) || ("file" in part && part.file?.generation === generation);
}

/** Whether all of it is in the archive, and nothing is under way. */
export function isAtRest({ object: { meta }, parts }: Snapshot): boolean {
  const isSettled = stateOf(meta) === "archived" && positiveAt(meta, KEY.settlingAt) === undefined;
  return isSettled && parts.every((part) => part.kind === "archived");
}

/** Whether the output has live bytes that are part of it. */
export function hasNewOutput(snapshot: Snapshot): boolean {
  const part = partNamed(snapshot);
  return part !== undefined && sizesOf(part).live > 0;
}
