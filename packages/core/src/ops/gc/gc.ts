/**
 * Deletes archive objects that are proven to be superfluous: given up by a commit, or left by an operation that was cut
 * short and holding nothing that their session does not hold as well. Objects that nothing explains are unknown, and
 * stay.
 */
import { attempt, type Context, warn } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import { parseKey } from "../../format/keys.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";
import type { Change } from "../../run-records/changes.js";
import { announce } from "../../session/commit.js";
import { days } from "../../session/policy.js";
import { type Snapshot, takeSnapshot } from "../../session/snapshot.js";
import { inTurn, type Jobs } from "../in-turn.js";
import { finishRemove } from "../remove/finish-remove.js";
import { explainGarbage } from "./explain.js";
import { bytesToRead } from "./proof.js";
import { collected, collectSession, deleteUnexplained, deletionOrder } from "./session.js";
import { whySetBack, whyUnknown } from "./set-back.js";
import { findSuspects } from "./suspects.js";
import { type Tally, tally } from "./tally.js";

/** Younger objects may belong to an archive that is being written. */
export const DEFAULT_GC_GRACE_DAYS = 1;

export interface GcOptions extends OpOptions {
  /**
   * Objects younger than this many days are left alone; 1 by default. Unless it is given, what a commit has given up need
   * not be older than 10 minutes.
   */
  readonly graceDays?: number | undefined;
  /** Changes nothing and reports what would be done. */
  readonly dryRun?: boolean | undefined;
  /**
   * `delete` also deletes objects that nothing explains, of this store and of others: look at a dry run first. `keep`
   * by default.
   */
  readonly unknown?: "keep" | "delete" | undefined;
}

export interface GcReport {
  /** Keys that were deleted, or would be in a dry run. */
  readonly keys: readonly string[];
  /** Size of these objects in the sink. */
  readonly archiveBytesFreed: number;
  /**
   * Objects that were left because nothing explains them: how many, their bytes in the sink, and the first 1,000 keys.
   */
  readonly unknown: { readonly count: number; readonly bytes: number; readonly keys: readonly string[] };
  /** Why nothing was deleted, and what to do about it; `null` if it was not refused. */
  readonly refused: string | null;
}

/** Never touches keys that are not in the archiver's own form. */
export async function gc(ctx: Context, options: GcOptions = {}): Promise<GcReport> {
  const { graceDays: asked, dryRun = false, unknown: what = "keep", ...op } = options;
  const graceDays = asked ?? DEFAULT_GC_GRACE_DAYS;
  checkGcOptions(graceDays, what);
  const deleted: ArchiveInfo[] = [];
  const unknown = tally();
  const unexplained: ArchiveInfo[] = [];
  const onUnknown = (info: ArchiveInfo): void => {
    if (what === "keep") unknown.add(info);
    else unexplained.push(info);
  };
  let refused = what === "keep" ? ((await whySetBack(ctx, op)) ?? null) : null;
  const store = (await ctx.notes.read(op))?.id;
  // Without a grace period, the sink's clock doesn't matter; it may differ from this machine's.
  const isYoung = (info: ArchiveInfo, isRipe: boolean): boolean =>
    graceDays > 0 && !(isRipe && asked === undefined) && ctx.now() - info.createdAt < days(graceDays);
  const { bySession, removing } = await findSuspects(ctx, store, isYoung, onUnknown, op);
  const changes: Change[] = [];
  const deleting = <Item>(idOf: (item: Item) => string): Omit<Jobs<Item, readonly ArchiveInfo[]>, "work"> => ({
    idOf,
    failed: (one, item, error) => leaveAlone(one, idOf(item), error),
    done: (_, infos = []) => void deleted.push(...infos),
  });
  const weights = new Map<string, number>();
  await inTurn<Suspected, Plan>(
    ctx,
    bySession,
    {
      idOf: ([id]) => id,
      async work(one, [id, infos], weighed) {
        const snapshot = await takeSnapshot(one, id, op);
        const weight = infos.length > 0 ? bytesToRead(snapshot) : 0;
        if (weight > 0) weights.set(id, weight);
        return weighed(weight, () => plan(one, store, snapshot, infos, op));
      },
      failed: (one, [id], error) => leaveAlone(one, id, error),
      done([id, infos], found = { deletable: [], unknown: infos, suspicious: 0 }) {
        for (const info of found.unknown) onUnknown(info);
        if (found.suspicious > 0 && what === "keep") refused ??= whyUnknown(id, found.suspicious);
        if (dryRun) deleted.push(...found.deletable);
        else if (found.deletable.length > 0) changes.push(collected(id, found.deletable));
      },
    },
    op,
  );
  if (refused === null && changes.length > 0) {
    // If two copies of a store run gc at once, each may hold what the other deletes. So each writes its record first
    // and then reads the records again: at least one of the two finds the other's.
    try {
      await announce(ctx, changes);
    } catch (error) {
      // A full store has no room for a record, and gc is what frees room.
      if (!hasCode(error, "QUOTA")) throw error;
      warn(ctx, undefined, error);
    }
    if (what === "keep") refused = (await whySetBack(ctx, op)) ?? null;
  }
  if (refused === null && !dryRun) {
    await inTurn<Suspected, readonly ArchiveInfo[]>(
      ctx,
      bySession,
      {
        ...deleting(([id]) => id),
        work: (one, [id, infos], weighed) =>
          weighed(weights.get(id) ?? 0, () => collectSession(one, store, id, infos, op)),
      },
      op,
    );
    for (const id of removing) await finishRemove(ctx, id, op);
  }
  if (dryRun) deleted.push(...unexplained);
  else {
    await inTurn<ArchiveInfo, readonly ArchiveInfo[]>(
      ctx,
      unexplained,
      {
        ...deleting(({ key }) => parseKey(key)?.id ?? ""),
        work: (one, info) => deleteUnexplained(one, info, op),
      },
      op,
    );
  }
  if (!dryRun) await attempt(ctx, undefined, () => noteUnknown(ctx, unknown, op));
  if (!dryRun && refused === null) await attempt(ctx, undefined, () => ctx.records.tidy());
  if (refused !== null) deleted.length = 0;
  return {
    keys: deleted.map(({ key }) => key),
    archiveBytesFreed: deleted.reduce((sum, { size }) => sum + size, 0),
    unknown: unknown.sum(),
    refused,
  };
}

function checkGcOptions(graceDays: unknown, unknown: unknown): void {
  if (!(typeof graceDays === "number" && graceDays >= 0)) {
    throw new ArchiverError("INVALID_ARGUMENT", `graceDays must be a number of at least 0, is ${String(graceDays)}.`);
  }
  if (unknown !== "keep" && unknown !== "delete") {
    throw new ArchiverError("INVALID_ARGUMENT", `unknown must be "keep" or "delete", is ${JSON.stringify(unknown)}.`);
  }
}

type Suspected = readonly [id: string, infos: readonly ArchiveInfo[]];

interface Plan {
  readonly deletable: readonly ArchiveInfo[];
  readonly unknown: readonly ArchiveInfo[];
  /** How many of the unknown ones suggest that the catalogue is older than its sink. */
  readonly suspicious: number;
}

async function plan(
  ctx: Context,
  store: string | undefined,
  snapshot: Snapshot,
  infos: readonly ArchiveInfo[],
  op: OpOptions,
): Promise<Plan> {
  const explained = await explainGarbage(ctx, store, snapshot, infos, op);
  const { unknown, suspicious } = explained;
  return { deletable: deletionOrder(explained), unknown, suspicious };
}

/** A session that can't be understood is left alone, and does not stop the others. */
function leaveAlone(ctx: Context, id: string, error: unknown): void {
  if (!hasCode(error, "NOT_FOUND", "CORRUPT", "INVALID_ARGUMENT", "CONFLICT")) throw error;
  if (!hasCode(error, "NOT_FOUND")) warn(ctx, id, error);
}

/** So that sweeps can report them without a look at the sink. */
async function noteUnknown(ctx: Context, unknown: Tally, op: OpOptions): Promise<void> {
  const { count, bytes } = unknown.sum();
  const before = (await ctx.notes.read(op))?.unknown;
  if ((before?.count ?? 0) === count && (before?.bytes ?? 0) === bytes) return;
  await ctx.notes.change(() => ({ unknown: { count, bytes } }), op);
}
