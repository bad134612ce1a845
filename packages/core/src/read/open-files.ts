/** Opens all files of a session as they were together at one moment. */
import { checkName } from "../adapter/validate.js";
import { type Context, heardBy } from "../context.js";
import type { WarningOptions } from "../events.js";
import { infoOf, type SessionInfo } from "../ops/info.js";
import type { OpOptions } from "../ports.js";
import { OUTPUT } from "../session/metadata.js";
import { blobsOf, confirm, getObject, peekAt, type Snapshot, withBlobs } from "../session/snapshot.js";
import { refusePruned } from "../session/snapshot-facts.js";
import { isArchived, isPruned } from "../session/state.js";
import { fileIn, type SessionReader } from "./read.js";

export interface OpenedFile extends SessionReader {
  /** `output`, or the name of a sidecar. */
  readonly name: string;
}

export interface OpenedFiles {
  /** The session as it was at that moment. */
  readonly info: SessionInfo;
  /** The output, if there is one, and then the sidecars by their names. */
  readonly files: readonly OpenedFile[];
}

/** `NOT_FOUND` for an unknown session, `PRUNED` for a pruned one. */
export async function openFiles(
  context: Context,
  id: string,
  { onWarning, ...op }: OpOptions & WarningOptions = {},
): Promise<OpenedFiles> {
  const ctx = heardBy(context, onWarning);
  const snapshot = await lookAtFiles(ctx, id, op);
  refusePruned(snapshot);
  const names = snapshot.files.map((file) => file.name).sort(byPlace);
  let info: SessionInfo | undefined;
  return {
    // Made when it is asked for: most sessions that are searched have no hit.
    get info() {
      info ??= infoOf(ctx, snapshot);
      return info;
    },
    files: names.map((name) => ({ name, ...fileIn(ctx, snapshot, { ...op, name }) })),
  };
}

/** Output first; names as their code units sort. */
function byPlace(a: string, b: string): number {
  if (a === OUTPUT || b === OUTPUT) return a === b ? 0 : a === OUTPUT ? -1 : 1;
  return a < b ? -1 : 1;
}

/**
 * Like a snapshot, with one look less at a session that is archived and has no blobs: those were looked at before the
 * object, so every file was in the archive, and the object, read later, names that archive or one that holds more.
 */
async function lookAtFiles(ctx: Context, id: string, op: OpOptions): Promise<Snapshot> {
  checkName(id, "session id");
  const blobs = await blobsOf(ctx, id, op);
  const object = await getObject(ctx, id, op);
  if (blobs.length === 0 && isArchived(object.meta) && !isPruned(object.meta)) return withBlobs(object, blobs);
  return confirm(ctx, await peekAt(ctx, object, op), op);
}
