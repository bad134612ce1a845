/** The part of a rebuild that concerns one session. */
import type { Context } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import type { OpOptions } from "../../ports.js";
import { condemnedBy } from "../../session/archive-keys.js";
import { updateMeta } from "../../session/commit.js";
import { KEY, positiveAt } from "../../session/metadata.js";
import { isPruned, isRemoving } from "../../session/state.js";
import type { SessionHistory } from "./history.js";
import { knownObject } from "./known-object.js";
import { noteLiveLost } from "./live-lost.js";
import { type Made, type Material, sessionFrom } from "./make-session.js";
import { mergeInto } from "./merge.js";
import type { Additions } from "./rebuild-report.js";
import { believeRecords } from "./settle-past.js";

/** Makes the session, or gives it what it lacks. */
export async function oneSession(
  ctx: Context,
  material: Material,
  late: SessionHistory | undefined,
  added: Additions,
  op: OpOptions,
): Promise<void> {
  const { id, history } = material;
  const { object: existing, replaces, quarantined } = await knownObject(ctx, id, op);
  if (quarantined !== undefined) added.quarantined.push(quarantined);
  if (existing && isRemoving(existing.meta)) return;
  // On record as given up, and still there: a copy of the store may be about to delete it.
  const doomed = material.infos.map(({ key }) => key).filter((key) => history.replaced.has(key));
  if (existing) {
    const isBelieved = await believeRecords(ctx, material, op);
    const { archives, newVersions } = isBelieved ? { archives: 1, newVersions: 0 } : await mergeInto(ctx, material, op);
    await condemn(ctx, id, doomed, op);
    if (archives > 0) added.merged.push(id);
    else added.unchangedCount++;
    if (newVersions > 0) added.withVersions.push(id);
    const isMissing = !isBelieved && (await noteLiveLost(ctx, id, late, op));
    if (isMissing || positiveAt(existing.meta, KEY.liveLostAt) !== undefined) added.liveLost.push(id);
    return;
  }
  const made = await sessionFrom(ctx, material, op);
  if (made) return add(ctx, id, { ...made, meta: condemnedBy(id, made.meta, doomed) }, replaces, added, op);
  const { last } = history;
  if (last?.change === "restored") added.liveLost.push(id);
}

async function condemn(ctx: Context, id: string, keys: readonly string[], op: OpOptions): Promise<void> {
  if (keys.length === 0) return;
  try {
    await updateMeta(ctx, id, (meta) => condemnedBy(id, meta, keys), op);
  } catch (error) {
    if (!hasCode(error, "NOT_FOUND")) throw error; // removed, as the records say
  }
}

async function add(
  ctx: Context,
  id: string,
  { meta, newVersions }: Made,
  expected: string | null,
  added: Additions,
  op: OpOptions,
): Promise<void> {
  try {
    await ctx.objects.put(id, meta, expected, op);
  } catch (error) {
    if (!hasCode(error, "CONFLICT")) throw error;
    throw new ArchiverError("CONFLICT", `Session "${id}" was made by somebody else meanwhile: run this again.`, { id });
  }
  added.made.push(id);
  if (isPruned(meta)) added.prunedCount++;
  if (newVersions > 0) added.withVersions.push(id);
  if (positiveAt(meta, KEY.liveLostAt) !== undefined) added.liveLost.push(id);
}
