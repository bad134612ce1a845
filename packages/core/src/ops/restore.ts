/** Brings an archived session back into live storage: note the intent, make the blobs, commit. */
import type { Context } from "../context.js";
import { ArchiverError } from "../errors.js";
import { countAt, KEY, positiveAt } from "../metadata.js";
import type { Meta, OpOptions } from "../ports.js";
import { type ArchivedFile, archivedFiles, isArchived, RESTORED_PREFIX } from "../session.js";
import { asRestoring } from "../transitions.js";
import { replacingIn } from "../versions.js";
import { archive } from "./archive.js";
import { finishRestore } from "./finish-restore.js";
import { settle } from "./settle.js";
import { busy, fileSize, MAX_TRIES, refusePruned, takeSnapshot, tryPut } from "./snapshot.js";

export interface RestoreOptions extends OpOptions {
  /** The archive is kept, and never collected. */
  readonly keepArchive?: boolean | undefined;
}

export interface RestoreResult {
  readonly id: string;
  /** Raw bytes that are live again. */
  readonly rawBytes: number;
  /** Stored bytes of the archive, which no session needs now: `collect` deletes it unless it is kept. */
  readonly archiveBytes: number;
}

/**
 * `NOT_FOUND` for an unknown session, `INVALID_ARGUMENT` for one that is not archived, `PRUNED`, `CORRUPT`; `CONFLICT` if
 * new output keeps arriving (the session can be read and written all the same). The session is then readable as before.
 */
export async function restore(ctx: Context, id: string, options: RestoreOptions = {}): Promise<RestoreResult> {
  const { keepArchive = false, ...op } = options;
  const first = await takeSnapshot(ctx, id, op);
  refusePruned(first);
  if (!isArchived(first.object.meta)) {
    throw new ArchiverError("INVALID_ARGUMENT", `Session "${id}" is not archived: there is nothing to restore.`, {
      id,
    });
  }
  const archiveBytes = countAt(first.object.meta, KEY.storedBytes) ?? 0;
  const newGeneration = (): string => RESTORED_PREFIX + ctx.randomId();
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const snapshot = await takeSnapshot(ctx, id, op);
    const { object, parts } = snapshot;
    refusePruned(snapshot);
    if (!isArchived(object.meta)) {
      const rawBytes = parts.reduce((sum, part) => sum + fileSize(part), 0);
      ctx.emit({ type: "restored", id, rawBytes });
      return { id, rawBytes, archiveBytes };
    }
    const files = archivedFiles(id, object.meta);
    if (replacingIn(object.meta)) {
      await settle(ctx, id, op);
    } else if (parts.some((part) => part.kind === "tail")) {
      await archive(ctx, id, { ...op, trusting: true });
    } else if (!isNoted(object.meta, files, keepArchive)) {
      await tryPut(ctx, object, asRestoring(object.meta, files, { at: ctx.now(), keepArchive, newGeneration }), op);
    } else {
      await finishRestore(ctx, snapshot, op);
    }
  }
  throw busy(id);
}

/** Whether the metadata says all that another process needs to find and finish this restore. */
function isNoted(meta: Meta, files: readonly ArchivedFile[], keepArchive: boolean): boolean {
  const isDue = positiveAt(meta, KEY.settlingAt) !== undefined;
  const isKept = !keepArchive || meta[KEY.keepArchive] === true;
  return isDue && isKept && files.every((file) => file.restoring !== undefined);
}
