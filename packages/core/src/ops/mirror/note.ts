/** What a mirror notes in the session's metadata: before the archive is made, so that it is in the manifest, and after. */
import { hasCode } from "../../errors.js";
import type { Json, Meta, StoredObject } from "../../ports.js";
import { recordChanges, tryPut, updateMeta } from "../../session/commit.js";
import { KEY, recordIn, withKeys } from "../../session/metadata.js";
import { lifeOf } from "../../session/versions.js";
import type { Job, Seen } from "../import/job.js";
import { asImported, firstMeta, notedSource } from "../import/record.js";
import type { MirrorOptions } from "./mirror-types.js";

/**
 * Notes times and facts of the output, and what is to be mirrored: marked as pending, because the archive doesn't hold
 * it yet. Resolves to the object's version; `undefined` if the session has changed since it was seen.
 */
export async function noteBefore(
  job: Job,
  object: StoredObject | undefined,
  seen: Seen | undefined,
  { originals, members }: MirrorOptions,
): Promise<string | undefined> {
  const { ctx, id, op } = job;
  const before = object?.meta ?? firstMeta(job);
  const described = seen ? withoutVersion(asImported(job, before, seen, object === undefined || undefined)) : before;
  const pending = isRecord(originals) ? { ...originals, pending: true } : undefined;
  const meta = withKeys(described, {
    ...(pending && { [KEY.originals]: pending }),
    ...(members && { [KEY.members]: members }),
  });
  if (object) return tryPut(ctx, object, meta, op);
  await recordChanges(ctx, { id, meta: {} }, meta);
  try {
    return await ctx.objects.put(id, meta, null, op);
  } catch (error) {
    if (hasCode(error, "CONFLICT")) return undefined;
    throw error;
  }
}

/** Without these, no import takes the source for taken in before its bytes are archived. */
function withoutVersion(meta: Meta): Meta {
  return withKeys(meta, { [KEY.source]: withKeys(notedSource(meta), { version: null, size: null }) });
}

/** Notes that everything is archived. `false` if the session holds other bytes by now. `seen`: the whole output. */
export async function noteDone(
  job: Job,
  mirrored: Meta,
  seen: Seen | undefined,
  { originals, members }: MirrorOptions,
): Promise<boolean> {
  const { ctx, id, op } = job;
  seen?.scan.end();
  let isOvertaken = false;
  await updateMeta(
    ctx,
    id,
    (meta) => {
      isOvertaken = lifeOf(meta) !== lifeOf(mirrored) || meta[KEY.manifestKey] !== mirrored[KEY.manifestKey];
      if (isOvertaken) return meta;
      const noted = withKeys(seen ? asImported(job, meta, seen) : meta, {
        ...(originals !== undefined && { [KEY.originals]: originals }),
        ...(members !== undefined && { [KEY.members]: members }),
      });
      return JSON.stringify(noted) === JSON.stringify(meta) ? meta : noted;
    },
    op,
  );
  return !isOvertaken;
}

function isRecord(value: Json | undefined): value is Meta {
  return recordIn(value) !== undefined;
}
