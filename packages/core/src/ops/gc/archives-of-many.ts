/**
 * Finds the archive objects of many sessions by one list of the sink: a list for each costs what all of its folder costs. Holds a number
 * for each session: whether these are the objects that it names.
 */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { parseKey } from "../../format/keys.js";
import type { OpOptions } from "../../ports.js";
import { isOurs } from "./explain.js";
import { withKey } from "./key-set.js";

/** So few are looked up one by one. */
const FEW = 8;
/** A list that shows more objects than this for each session costs more than a list for each. */
const MOST_FOR_EACH = 50;

/**
 * By session, the sum (`withKey`) of those keys that carry this store's id, or no store's. Empty if one list would not pay, or failed. It
 * is as old as the list, so look again where it does not fit the session.
 */
export async function archivesOfMany(
  ctx: Context,
  store: string | undefined,
  ids: readonly string[],
  op: OpOptions,
): Promise<ReadonlyMap<string, number>> {
  const sums = new Map<string, number>(ids.length < FEW ? [] : ids.map((id) => [id, 0]));
  let left = sums.size * MOST_FOR_EACH;
  if (left === 0) return sums;
  try {
    for await (const { key } of ctx.archives.list(undefined, op)) {
      if (left-- === 0) return new Map();
      const id = parseKey(key)?.id ?? "";
      const sum = sums.get(id);
      if (sum !== undefined && isOurs(key, store)) sums.set(id, withKey(sum, key));
    }
    return sums;
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    return new Map();
  }
}
