/** Whether the catalogue belongs to its sink, and knows all that its store has done. */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { parseKey } from "../../format/keys.js";
import type { OpOptions } from "../../ports.js";
import { recordsOf } from "../../run-records/log.js";
import { archivedFiles, partsOfFile } from "../../session/archived-file.js";
import { whySetBack } from "../gc/set-back.js";
import { lacksCatalogue } from "../verify/verify-all.js";
import { countOf, type Finding } from "./finding.js";

/** After this many archived sessions of which no archive is here, the catalogue counts as another sink's. */
const ENOUGH = 100;

/** Findings after which a look at the single sessions is pointless. */
export async function wrongCatalogue(ctx: Context, op: OpOptions): Promise<Finding | undefined> {
  if (await lacksCatalogue(ctx, op)) {
    const message =
      "The catalogue knows no session, but there are archives: it was lost, or belongs to other archives.";
    return { kind: "catalogue-empty", severity: "damage", message, ids: [], remedy: "rebuild" };
  }
  const ids = await archivedElsewhere(ctx, op);
  if (ids.length === 0) return undefined;
  const message =
    "Not one archive is here that the catalogue names, but others are: the catalogue belongs to other archives.";
  return { kind: "catalogue-foreign", severity: "damage", message, ids, remedy: "replace" };
}

/** Archived sessions of a catalogue that belongs to another sink; empty if it belongs to this one. */
async function archivedElsewhere(ctx: Context, op: OpOptions): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id, meta } of ctx.objects.list({ archived: true }, op)) {
    try {
      const keys = archivedFiles(id, meta).flatMap(partsOfFile);
      for (const { key } of keys) if (await ctx.archives.stat(key, op)) return [];
      if (keys.length > 0) ids.push(id);
    } catch (error) {
      if (!hasCode(error, "CORRUPT")) throw error;
    }
    if (ids.length >= ENOUGH) break;
  }
  if (ids.length === 0) return [];
  const own = (await ctx.notes.read(op))?.id;
  let hasOthers = false;
  for await (const { key } of ctx.archives.list(undefined, op)) {
    // Its own store's are here: then those it names are missing, which is said of each.
    if (own !== undefined && key.startsWith(`${own}/`)) return [];
    const parsed = parseKey(key);
    hasOthers ||= parsed !== undefined && !ids.includes(parsed.id);
  }
  return hasOthers ? ids : [];
}

/** What the run records show. */
export async function* recordFindings(ctx: Context, op: OpOptions): AsyncGenerator<Finding> {
  if ((await whySetBack(ctx, op)) !== undefined) {
    const message =
      "The archives hold records of work that the catalogue does not know: it was set back, or the store was copied and the copy went on. Until it knows them, it deletes nothing. If there is a newer catalogue, put that back.";
    yield { kind: "catalogue-set-back", severity: "warning", message, ids: [], remedy: "rebuild" };
  }
  const store = (await ctx.notes.read(op))?.id;
  const records = store === undefined ? [] : await recordsOf(ctx.archives, store, op);
  const damaged = records.filter(({ record }) => record === undefined);
  if (damaged.length === 0) return;
  const message = `${countOf(damaged.length, "run record")} can't be read: ${damaged[0]?.key}. If the catalogue were lost now, tombstones and pins that they tell of would be, too.`;
  yield { kind: "record-damaged", severity: "note", message, ids: [], remedy: null };
}
