/** The object that the catalogue has of a session; a damaged one is moved to quarantine first, and counts as missing. */
import { bytesOf } from "../../bytes.js";
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { newArchiveKeyBase, quarantineKey } from "../../format/keys.js";
import type { OpOptions, StoredObject } from "../../ports.js";

export interface KnownObject {
  readonly object: StoredObject | undefined;
  /** The sink key under which its damaged form is kept; `undefined` if it was not damaged. */
  readonly quarantined: string | undefined;
}

/** Rejects with `CORRUPT` if it is damaged, and the store can't give it out or its id leaves no room for a key. */
export async function knownObject(ctx: Context, id: string, op: OpOptions): Promise<KnownObject> {
  try {
    return { object: await ctx.objects.get(id, op), quarantined: undefined };
  } catch (error) {
    if (!hasCode(error, "CORRUPT") || !ctx.objects.takeDamaged) throw error;
    const keyBase = newArchiveKeyBase(id, ctx.now(), ctx.randomId(), await ctx.notes.id(op));
    const key = quarantineKey(`${keyBase}.object`);
    if (key === undefined) throw error;
    await ctx.objects.takeDamaged(id, async (stored) => void (await ctx.archives.put(key, bytesOf(stored), op)), op);
    return { object: undefined, quarantined: key };
  }
}
