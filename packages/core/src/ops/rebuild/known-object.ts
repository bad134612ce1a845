/** The object that the catalogue has of a session; a damaged one is moved to quarantine first, and counts as missing. */
import { bytesOf } from "../../bytes.js";
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { newArchiveKeyBase, quarantineKey } from "../../format/keys.js";
import type { OpOptions, StoredObject } from "../../ports.js";
import { archivedFiles } from "../../session/archived-file.js";

export interface KnownObject {
  readonly object: StoredObject | undefined;
  /** The version of an object whose metadata are no session's; another takes its place. */
  readonly replaces: string | null;
  /** The sink key under which its damaged form is kept; `undefined` if it was not damaged. */
  readonly quarantined: string | undefined;
}

/** Rejects with `CORRUPT` if it is damaged, and the store can't give it out or its id leaves no room for a key. */
export async function knownObject(ctx: Context, id: string, op: OpOptions): Promise<KnownObject> {
  let object: StoredObject | undefined;
  try {
    object = await ctx.objects.get(id, op);
    if (object) archivedFiles(id, object.meta);
    return { object, replaces: null, quarantined: undefined };
  } catch (error) {
    if (!hasCode(error, "CORRUPT")) throw error;
    const keyBase = newArchiveKeyBase(id, ctx.now(), ctx.randomId(), await ctx.notes.id(op));
    const key = quarantineKey(`${keyBase}.object`);
    const keep = async (stored: Uint8Array): Promise<void> => {
      if (key === undefined) throw error;
      await ctx.archives.put(key, bytesOf(stored), op);
    };
    if (object) await keep(new TextEncoder().encode(JSON.stringify(object.meta)));
    else if (ctx.objects.takeDamaged) await ctx.objects.takeDamaged(id, keep, op);
    else throw error;
    return { object: undefined, replaces: object?.version ?? null, quarantined: key };
  }
}
