/**
 * Makes the catalogue anew from what lies in the sink: archives, manifests and run records; or gives an existing
 * catalogue what it lacks. May be run at any time, again, and after an interruption.
 */
import { type Context, warn } from "../../context.js";
import { hasCode } from "../../errors.js";
import { FOLDERS, NO_STORE } from "../../format/keys.js";
import type { OpOptions } from "../../ports.js";
import { storeNotes } from "../../run-records/notes.js";
import { catchUp } from "../catch-up.js";
import { inTurn } from "../in-turn.js";
import { failureOf } from "../report.js";
import { chooseStore } from "./choose-store.js";
import { copyArchives, copyFrom, type OtherCatalogue } from "./copy-from.js";
import { type Group, groupsIn } from "./groups.js";
import { NO_HISTORY, type SessionHistory } from "./history.js";
import type { Material } from "./make-session.js";
import { oneSession } from "./one-session.js";
import { NO_PAST, type PastOfShare, pastOf } from "./past.js";
import { type Additions, addTo, noAdditions, type RebuildReport } from "./rebuild-report.js";

export interface RebuildOptions extends OpOptions {
  /**
   * Id of the store whose archives are to be taken, 12 hex digits. By default the catalogue's own, or the only one that
   * the sink holds.
   */
  readonly storeId?: string | undefined;
  /**
   * Believes a manifest if its archive files have the sizes, lengths and CRCs that it says. By default every archive is
   * read and inflated to its last byte.
   */
  readonly quick?: boolean | undefined;
  /**
   * Another catalogue, such as one that is damaged or old: takes over the sessions in it that this one lacks, with as
   * much of their live bytes as can be read. The store's id comes from there, too, if this catalogue has none.
   */
  readonly from?: OtherCatalogue | undefined;
}

/** Raw bytes per archive byte, about: the raw size of an archive is not known before it is read. */
const USUAL_GAIN = 5;

/** A session to be made or merged, and what comes of it. */
interface One {
  readonly material: Material;
  /** What the catalogue does not know of its past, because that was set back. */
  readonly late: SessionHistory | undefined;
  readonly added: Additions;
}

export async function rebuild(ctx: Context, options: RebuildOptions = {}): Promise<RebuildReport> {
  const { storeId, quick = false, from, ...op } = options;
  await copyArchives(ctx, from?.archives, op);
  const { store, isOwn, isAdoptable, others } = await chooseStore(
    ctx,
    storeId ?? (from && (await idIn(ctx, from, op))),
    op,
  );
  // Of a catalogue that was set back: what it does not know, because it came later.
  const late = new Set((isOwn ? await ctx.records.unknown(op) : []).map(({ key }) => key));
  if (store !== undefined && isAdoptable) await adopt(ctx, store, op);
  const past = store === undefined ? NO_PAST : await pastOf(ctx, store, late, op);
  const copied = from ? await copyFrom(ctx, from, await idsIn(ctx, store, op), store, op) : undefined;
  const report: RebuildReport = {
    copied: copied?.ids ?? [],
    cut: copied?.cut ?? [],
    notCopied: copied?.failures ?? [],
    storeId: store ?? null,
    otherStores: others,
    ...noAdditions(),
    unreadableRecords: past.unreadable,
  };
  const oneOf = ({ id, infos }: Group, of: PastOfShare): One => {
    const material = { id, infos, history: of.history.get(id) ?? NO_HISTORY, quick };
    return { material, late: of.late.get(id), added: noAdditions() };
  };
  const each = async function* (): AsyncGenerator<One> {
    const groups = await groupsIn(ctx, store, op);
    for (const share of past.shares) {
      const of = await past.of(share);
      const left = new Set(of.history.keys());
      for await (const group of groups.of(share)) {
        left.delete(group.id);
        yield oneOf(group, of);
      }
      for (const id of left) yield oneOf({ id, infos: [] }, of);
    }
  };
  await inTurn<One, void>(
    ctx,
    each(),
    {
      idOf: ({ material }) => material.id,
      work(one, { material, late: lateHistory, added }, weighed) {
        const bytes = material.infos.reduce((sum, { size }) => sum + size, 0);
        return weighed(bytes * USUAL_GAIN, () => oneSession(one, material, lateHistory, added, op));
      },
      failed(_, { material: { id }, added }, error) {
        if (!hasCode(error, "CORRUPT", "NOT_FOUND", "CONFLICT", "INVALID_ARGUMENT")) throw error;
        added.failures.push(failureOf(id, error));
      },
      done: ({ added }) => addTo(report, added),
    },
    op,
  );
  if (isOwn || isAdoptable) await noteRecords(ctx, past.keys, op);
  return report;
}

/** The id of the other catalogue's store, if this one has none, and the sink holds something of it. */
async function idIn(ctx: Context, from: OtherCatalogue, op: OpOptions): Promise<string | undefined> {
  if (await ctx.notes.read(op)) return undefined;
  try {
    const notes = await storeNotes(from.objects.ownMeta, ctx.randomId).read(op);
    for await (const _ of ctx.archives.list(`${notes?.id ?? NO_STORE}/`, op)) return notes?.id;
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    warn(ctx, undefined, error);
  }
  return undefined;
}

async function idsIn(ctx: Context, store: string | undefined, op: OpOptions): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const groups = await groupsIn(ctx, store, op);
  for await (const { id } of groups.of({ from: 0, to: FOLDERS })) ids.add(id);
  return ids;
}

/** Gives the catalogue the id of the store, so that it goes on where that was lost. */
async function adopt(ctx: Context, store: string, op: OpOptions): Promise<void> {
  await ctx.notes.change(() => ({ id: store, records: [], rebuilding: true }), op);
}

/** Now the catalogue knows what the records say. One that was set back takes its tombstones back, as by `catchUp`. */
async function noteRecords(ctx: Context, keys: readonly string[], op: OpOptions): Promise<void> {
  const isAnew = (await ctx.notes.read(op))?.rebuilding === true;
  if (!isAnew) await catchUp(ctx, op);
  if (isAnew) await ctx.notes.change((notes) => ({ records: all(keys, notes.records), rebuilding: null }), op);
}

function all(keys: readonly string[], known: readonly string[]): readonly string[] {
  return [...new Set([...keys, ...known])];
}
