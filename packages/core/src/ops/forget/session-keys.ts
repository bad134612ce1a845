/** Finds everything in the sink that was made of one session, by any store. */
import type { Context } from "../../context.js";
import { quarantinedKey, sessionIdOf } from "../../format/keys.js";
import type { OpOptions } from "../../ports.js";

/**
 * The keys of all archive objects of a session: of every store that shares the sink, of kept versions, of what nothing
 * explains, and of damaged objects in the quarantine. Lists the whole sink: which stores there are is not known.
 */
export async function sessionKeys(ctx: Context, id: string, op: OpOptions): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of ctx.archives.list(undefined, op))
    if (sessionIdOf(originalKey(key)) === id) keys.push(key);
  return keys;
}

/** The key that an object had before it was put into the quarantine, perhaps repeatedly; otherwise its own key. */
export function originalKey(key: string): string {
  const before = quarantinedKey(key);
  return before === undefined ? key : originalKey(before);
}
