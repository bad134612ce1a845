/** Finds the archive objects of many sessions by one list of the sink: a list for each costs what all of its folder costs. */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { parseKey } from "../../format/keys.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";
import { isOurs } from "./explain.js";

/** So few are looked up one by one. */
const FEW = 8;
/** A list that shows more objects than this for each session costs more than a list for each. */
const MOST_FOR_EACH = 50;

/**
 * By session, the objects whose keys carry this store's id, or no store's. Empty if one list would not pay, or failed: then look
 * for each. It is as old as the list, so look again where it does not fit the session.
 */
export async function archivesOfMany(
  ctx: Context,
  store: string | undefined,
  ids: readonly string[],
  op: OpOptions,
): Promise<Map<string, readonly ArchiveInfo[]>> {
  const found = new Map<string, ArchiveInfo[]>(ids.length < FEW ? [] : ids.map((id) => [id, []]));
  let left = found.size * MOST_FOR_EACH;
  if (left === 0) return found;
  try {
    for await (const info of ctx.archives.list(undefined, op)) {
      if (left-- === 0) return new Map();
      if (isOurs(info.key, store)) found.get(parseKey(info.key)?.id ?? "")?.push(info);
    }
    return found;
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    return new Map();
  }
}
