/** Brings an archived session back into live storage: note the intent, make the blobs, commit. */
import type { Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import type { OpOptions, StoredObject } from "../../ports.js";
import { archivedFiles } from "../../session/archived-file.js";
import { tryPut } from "../../session/commit.js";
import { RESTORED_PREFIX } from "../../session/file-state.js";
import { countAt, KEY, positiveAt } from "../../session/metadata.js";
import { busy, confirm, MAX_TRIES, peek, type Snapshot, withObject } from "../../session/snapshot.js";
import { fileSize, isAtRest, refusePruned } from "../../session/snapshot-facts.js";
import { isArchived } from "../../session/state.js";
import { asRestoring } from "../../session/transitions/restored.js";
import { replacingIn } from "../../session/versions.js";
import { archive } from "../archive/archive.js";
import { settle } from "../settle.js";
import { finishRestore } from "./finish-restore.js";

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
  let archiveBytes: number | undefined;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const seen = await peek(ctx, id, op);
    // The note's swap shows whether what was seen belongs together. Where there will be none, it must be certain.
    const snapshot = isAtRest(seen) ? seen : await confirm(ctx, seen, op);
    const { object } = snapshot;
    refusePruned(snapshot);
    if (!isArchived(object.meta)) {
      if (archiveBytes !== undefined) return restored(ctx, snapshot, archiveBytes); // by somebody else
      throw new ArchiverError("INVALID_ARGUMENT", `Session "${id}" is not archived: there is nothing to restore.`, {
        id,
      });
    }
    archiveBytes ??= countAt(object.meta, KEY.archiveBytes) ?? 0;
    if (replacingIn(object.meta)) {
      await settle(ctx, id, op);
      continue;
    }
    if (snapshot.files.some((state) => state.kind === "continuation")) {
      await archive(ctx, id, { ...op, trusting: true, seen: snapshot });
      continue;
    }
    const noted = isNoted(object, keepArchive) ? snapshot : await note(ctx, snapshot, keepArchive, op);
    const live = noted && (await finishRestore(ctx, noted, op));
    if (live) return restored(ctx, live, archiveBytes);
  }
  throw busy(id);
}

function restored(ctx: Context, { object: { id }, files }: Snapshot, archiveBytes: number): RestoreResult {
  const rawBytes = files.reduce((sum, state) => sum + fileSize(state), 0);
  ctx.emit({ type: "restored", id, rawBytes });
  return { id, rawBytes, archiveBytes };
}

/** Notes the generation of each blob; `undefined` if the session has changed meanwhile. */
async function note(
  ctx: Context,
  snapshot: Snapshot,
  keepArchive: boolean,
  op: OpOptions,
): Promise<Snapshot | undefined> {
  const { object } = snapshot;
  const { id } = object;
  const newGeneration = (): string => RESTORED_PREFIX + ctx.randomId();
  const files = archivedFiles(id, object.meta);
  const meta = asRestoring(object.meta, files, { at: ctx.now(), keepArchive, newGeneration });
  const version = await tryPut(ctx, object, meta, op);
  return version === undefined ? undefined : withObject(snapshot, { id, version, meta });
}

/** Whether the metadata says all that another process needs to find and finish this restore. */
function isNoted({ id, meta }: StoredObject, keepArchive: boolean): boolean {
  const isDue = positiveAt(meta, KEY.settlingAt) !== undefined;
  const isKept = !keepArchive || meta[KEY.keepArchive] === true;
  return isDue && isKept && archivedFiles(id, meta).every((file) => file.restoring !== undefined);
}
