/**
 * Moves damaged objects out of the way: copies them in the sink, and deletes them under their own keys only later. An inline
 * manifest goes with its archive, of which every byte is copied.
 */
import { areEqual } from "../../bytes.js";
import { attempt, type Context, warn } from "../../context.js";
import { hasCode } from "../../errors.js";
import { exactBytes } from "../../format/exact-bytes.js";
import { quarantineKey } from "../../format/keys.js";
import type { ArchiveInfo, Bytes, OpOptions } from "../../ports.js";
import { namedKeys } from "../../session/archive-keys.js";
import { getObject } from "../../session/snapshot.js";

export interface Quarantine {
  /** Keys of damaged objects that were copied, each with the key of its copy. */
  readonly copied: ReadonlyMap<string, string>;
  /** Keys of damaged objects that were not. */
  readonly stays: readonly string[];
}

/** Copies the objects that exist, and reads the copies back. Nothing is deleted. */
export async function copyToQuarantine(
  ctx: Context,
  id: string,
  keys: readonly string[],
  op: OpOptions,
): Promise<Quarantine> {
  const copied = new Map<string, string>();
  const stays: string[] = [];
  for (const key of keys) {
    const info = await ctx.sink.stat(key, op);
    if (!info) continue;
    const copy = quarantineKey(key);
    if (copy !== undefined && (await isCopied(ctx, id, info, copy, op))) copied.set(key, copy);
    else stays.push(key);
  }
  return { copied, stays };
}

/** `false` if there is no room for a copy, or if the object can't be read to its end. */
async function isCopied(
  ctx: Context,
  id: string,
  { key, size }: ArchiveInfo,
  copy: string,
  op: OpOptions,
): Promise<boolean> {
  const all = (): Bytes => exactBytes(ctx.sink.read(key, undefined, op), size, { key });
  try {
    await ctx.sink.put(copy, all(), op).catch((error: unknown) => {
      if (!hasCode(error, "CONFLICT")) throw error; // an earlier salvage has made the copy
    });
    return await areEqual(all(), ctx.sink.read(copy, undefined, op));
  } catch (error) {
    if (!hasCode(error, "QUOTA", "CORRUPT", "NOT_FOUND", "INVALID_ARGUMENT")) throw error;
    warn(ctx, id, error);
    return false;
  }
}

/** After the commit: the copies remain. What can't be deleted now is deleted by gc, because the commit gave it up. */
export async function deleteCopied(ctx: Context, id: string, { copied }: Quarantine): Promise<void> {
  if (copied.size === 0) return;
  await attempt(ctx, id, async () => {
    // An archive that a restore was asked to keep may have the same manifest.
    const named = new Set(namedKeys(id, (await getObject(ctx, id)).meta));
    for (const key of copied.keys()) if (!named.has(key)) await ctx.archives.delete(key);
  });
}
