/** Deletes archive objects that no session names: left by restores, merges and operations that were cut short. */
import { type Context, warn } from "../context.js";
import { ArchiverError, hasCode } from "../errors.js";
import { sessionIdOf } from "../format/keys.js";
import { KEY, withKeys } from "../metadata.js";
import { days } from "../policy.js";
import type { ArchiveInfo, OpOptions, StoredObject } from "../ports.js";
import { condemnedKeys, namedKeys } from "../session.js";
import { busy, MAX_TRIES, tryPut } from "./snapshot.js";

/** Younger objects may belong to an archive that is being written. */
export const DEFAULT_COLLECT_GRACE_DAYS = 1;

export interface CollectOptions extends OpOptions {
  readonly graceDays?: number | undefined;
  readonly dryRun?: boolean | undefined;
}

export interface CollectReport {
  readonly keys: readonly string[];
  /** Stored bytes deleted (or that would be). */
  readonly archiveBytesFreed: number;
}

/** Keys that are not the archiver's own are never touched. */
export async function collect(ctx: Context, options: CollectOptions = {}): Promise<CollectReport> {
  const { graceDays = DEFAULT_COLLECT_GRACE_DAYS, dryRun = false, ...op } = options;
  if (!(graceDays >= 0)) throw new ArchiverError("INVALID_ARGUMENT", `graceDays must be at least 0, is ${graceDays}.`);
  const keys: string[] = [];
  let archiveBytesFreed = 0;
  for await (const info of ctx.archives.list(undefined, op)) {
    const id = sessionIdOf(info.key);
    // Without a grace period the sink's clock, which may differ from ours, is not asked.
    const isYoung = graceDays > 0 && ctx.now() - info.createdAt < days(graceDays);
    if (id === undefined || isYoung) continue;
    try {
      if (!(await collectOne(ctx, id, info, dryRun, op))) continue;
    } catch (error) {
      // What can't be understood of one session is left alone, and keeps nobody else's waste.
      if (!hasCode(error, "CORRUPT", "INVALID_ARGUMENT", "CONFLICT")) throw error;
      warn(ctx, id, error);
      continue;
    }
    keys.push(info.key);
    archiveBytesFreed += info.size;
  }
  return { keys, archiveBytesFreed };
}

/**
 * The object is told first which key is about to go. An archiver that is about to commit under that key then loses its
 * compare-and-swap, and finds the key condemned: no clock is relied on.
 */
async function collectOne(
  ctx: Context,
  id: string,
  info: ArchiveInfo,
  dryRun: boolean,
  op: OpOptions,
): Promise<boolean> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const object = await ctx.objects.get(id, op);
    if (object && namedKeys(id, object.meta).includes(info.key)) return false;
    if (dryRun) return true;
    if (object && !(await condemn(ctx, object, info.key, op))) continue;
    await ctx.archives.delete(info.key, op);
    ctx.emit({ type: "collected", key: info.key, archiveBytesFreed: info.size });
    return true;
  }
  throw busy(id);
}

/** Adds to what other collectors have condemned and not deleted yet; keys that are gone need no note. */
async function condemn(ctx: Context, object: StoredObject, key: string, op: OpOptions): Promise<boolean> {
  const condemned = [key];
  for (const other of condemnedKeys(object.id, object.meta)) {
    if (other !== key && (await ctx.archives.stat(other, op))) condemned.push(other);
  }
  return (await tryPut(ctx, object, withKeys(object.meta, { [KEY.condemned]: condemned }), op)) !== undefined;
}
