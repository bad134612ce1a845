/**
 * Deletes archive objects that are proven to be needed by nobody: given up by a commit, or left by an operation that was cut
 * short and holding nothing that their session does not hold as well. What nothing explains is unknown, and stays.
 */
import { attempt, type Context, warn } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import { parseKey } from "../../format/keys.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";
import type { Change } from "../../run-records/changes.js";
import { announce } from "../../session/commit.js";
import { days } from "../../session/policy.js";
import { takeSnapshot } from "../../session/snapshot.js";
import { finishRemove } from "../remove/finish-remove.js";
import { explainGarbage } from "./explain.js";
import { collectSession, deleteUnexplained, deletionOrder } from "./session.js";
import { whySetBack, whyUnknown } from "./set-back.js";
import { findSuspects } from "./suspects.js";
import { type Tally, tally } from "./tally.js";

/** Younger objects may belong to an archive that is being written. */
export const DEFAULT_GC_GRACE_DAYS = 1;

export interface GcOptions extends OpOptions {
  /** Objects younger than this are left alone; a day if not given. */
  readonly graceDays?: number | undefined;
  /** Changes nothing; the report is as it would be. */
  readonly dryRun?: boolean | undefined;
  /**
   * `keep` if not given. `delete`: also deletes what nothing explains, of this store and of others: look at a dry run first.
   */
  readonly unknown?: "keep" | "delete" | undefined;
}

export interface GcReport {
  /** Keys deleted (or that would be). */
  readonly keys: readonly string[];
  /** Their stored bytes. */
  readonly archiveBytesFreed: number;
  /** What was left because nothing explains it. Stored bytes; the first 1,000 keys. */
  readonly unknown: { readonly count: number; readonly bytes: number; readonly keys: readonly string[] };
  /** Why nothing was deleted, and the way out; `null` if nothing speaks against it. */
  readonly refused: string | null;
}

/** Keys that are not the archiver's own are never touched. */
export async function gc(ctx: Context, options: GcOptions = {}): Promise<GcReport> {
  const { graceDays = DEFAULT_GC_GRACE_DAYS, dryRun = false, unknown: what = "keep", ...op } = options;
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
  // Without a grace period the sink's clock, which may differ from ours, is not asked.
  const isYoung = (info: ArchiveInfo): boolean => graceDays > 0 && ctx.now() - info.createdAt < days(graceDays);
  const { bySession, removing } = await findSuspects(ctx, store, isYoung, onUnknown, op);
  const changes: Change[] = [];
  for (const [id, infos] of bySession) {
    const found = await plan(ctx, store, id, infos, op);
    for (const info of found.unknown) onUnknown(info);
    if (found.suspicious > 0 && what === "keep") refused ??= whyUnknown(id, found.suspicious);
    if (dryRun) deleted.push(...found.deletable);
    else if (found.deletable.length > 0) changes.push(collected(id, found.deletable));
  }
  if (refused === null && changes.length > 0) {
    // Of two copies of a store that collect at once, each may hold what the other deletes: on record first, then another
    // look at the records, and at least one of the two finds the other's.
    try {
      await announce(ctx, changes);
    } catch (error) {
      // A full store has no room for a record either, and this is how it gets some.
      if (!hasCode(error, "QUOTA")) throw error;
      warn(ctx, undefined, error);
    }
    if (what === "keep") refused = (await whySetBack(ctx, op)) ?? null;
  }
  if (refused === null && !dryRun) {
    for (const [id, infos] of bySession)
      deleted.push(...(await unlessGone(ctx, id, () => collectSession(ctx, store, id, infos, op))));
    for (const id of removing) await finishRemove(ctx, id, op);
  }
  for (const info of unexplained) {
    if (dryRun) deleted.push(info);
    else deleted.push(...(await unlessGone(ctx, parseKey(info.key)?.id ?? "", () => deleteUnexplained(ctx, info, op))));
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

function collected(id: string, infos: readonly ArchiveInfo[]): Change {
  const archiveBytes = infos.reduce((sum, { size }) => sum + size, 0);
  return { id, change: "collected", archiveBytes, keys: infos.map(({ key }) => key) };
}

function checkGcOptions(graceDays: unknown, unknown: unknown): void {
  if (!(typeof graceDays === "number" && graceDays >= 0)) {
    throw new ArchiverError("INVALID_ARGUMENT", `graceDays must be a number of at least 0, is ${String(graceDays)}.`);
  }
  if (unknown !== "keep" && unknown !== "delete") {
    throw new ArchiverError("INVALID_ARGUMENT", `unknown must be "keep" or "delete", is ${JSON.stringify(unknown)}.`);
  }
}

interface Plan {
  readonly deletable: readonly ArchiveInfo[];
  readonly unknown: readonly ArchiveInfo[];
  /** How many of the unknown ones show that the catalogue may be older than its sink. */
  readonly suspicious: number;
}

async function plan(
  ctx: Context,
  store: string | undefined,
  id: string,
  infos: readonly ArchiveInfo[],
  op: OpOptions,
): Promise<Plan> {
  try {
    const explained = await explainGarbage(ctx, store, await takeSnapshot(ctx, id, op), infos, op);
    const { unknown, suspicious } = explained;
    return { deletable: deletionOrder(explained), unknown, suspicious };
  } catch (error) {
    leaveAlone(ctx, id, error);
    return { deletable: [], unknown: infos, suspicious: 0 };
  }
}

async function unlessGone(
  ctx: Context,
  id: string,
  work: () => Promise<readonly ArchiveInfo[]>,
): Promise<readonly ArchiveInfo[]> {
  try {
    return await work();
  } catch (error) {
    leaveAlone(ctx, id, error);
    return [];
  }
}

/** What can't be understood of one session is left alone, and keeps nobody else's waste. */
function leaveAlone(ctx: Context, id: string, error: unknown): void {
  if (!hasCode(error, "NOT_FOUND", "CORRUPT", "INVALID_ARGUMENT", "CONFLICT")) throw error;
  if (!hasCode(error, "NOT_FOUND")) warn(ctx, id, error);
}

/** So that sweeps can tell of it without a look at the sink. */
async function noteUnknown(ctx: Context, unknown: Tally, op: OpOptions): Promise<void> {
  const { count, bytes } = unknown.sum();
  const before = (await ctx.notes.read(op))?.unknown;
  if ((before?.count ?? 0) === count && (before?.bytes ?? 0) === bytes) return;
  await ctx.notes.change(() => ({ unknown: { count, bytes } }), op);
}
