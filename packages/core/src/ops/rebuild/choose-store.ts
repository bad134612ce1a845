/** Decides whose archives a rebuild takes: a sink may hold those of several stores. */
import type { Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import { isRecordKey, NO_STORE, parseKey } from "../../format/keys.js";
import type { OpOptions } from "../../ports.js";

/** A store that shares the sink, or has left its archives there. */
export interface OtherStore {
  readonly storeId: string;
  /** Sink objects under its keys. */
  readonly objects: number;
}

export interface ChosenStore {
  readonly store: string | undefined;
  /** Whether it is the catalogue's own. */
  readonly isOwn: boolean;
  /** Other stores that the sink holds something of, and how many objects. */
  readonly others: readonly OtherStore[];
  /** Whether the catalogue can take the store's id over: it has none, or the sink holds nothing under it. */
  readonly isAdoptable: boolean;
}

/**
 * The id of the store whose archives are to be taken, besides those without a store's id. `asked`: named by the caller.
 * By default it is the catalogue's own id; if the sink holds nothing of that, it is the only one that there is.
 * `undefined`: there are none. `CONFLICT` if several would do.
 */
export async function chooseStore(ctx: Context, asked: string | undefined, op: OpOptions): Promise<ChosenStore> {
  const own = (await ctx.notes.read(op))?.id;
  const counts = await countByStore(ctx, op);
  const chosen = (store: string | undefined): ChosenStore => {
    const isOwn = store !== undefined && store === own;
    const others = othersIn(counts, store);
    return {
      store,
      isOwn,
      others,
      isAdoptable: store !== undefined && !isOwn && (own === undefined || !counts.has(own)),
    };
  };
  if (asked !== undefined) {
    if (counts.has(asked)) return chosen(asked);
    throw new ArchiverError("NOT_FOUND", `The sink holds nothing of a store "${asked}".${listOf(counts)}`);
  }
  if (own !== undefined && counts.has(own)) return chosen(own);
  if (counts.size > 1) {
    const message = `The sink holds archives of several stores, and none is this catalogue's: name one.${listOf(counts)}`;
    throw new ArchiverError("CONFLICT", message);
  }
  const [only] = counts.keys();
  return chosen(only);
}

/** The stores besides this one of which the sink holds something. */
export async function otherStores(
  ctx: Context,
  store: string | undefined,
  op: OpOptions,
): Promise<readonly OtherStore[]> {
  return othersIn(await countByStore(ctx, op), store);
}

function othersIn(counts: ReadonlyMap<string, number>, store: string | undefined): readonly OtherStore[] {
  return [...counts].filter(([id]) => id !== store).map(([storeId, objects]) => ({ storeId, objects }));
}

/** How many objects there are under the keys of each store with an id, run records included. */
async function countByStore(ctx: Context, op: OpOptions): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const { key } of ctx.archives.list(undefined, op)) {
    const store = parseKey(key)?.store ?? (isRecordKey(key) ? key.slice(0, key.indexOf("/")) : NO_STORE);
    if (store !== NO_STORE) counts.set(store, (counts.get(store) ?? 0) + 1);
  }
  return counts;
}

function listOf(counts: ReadonlyMap<string, number>): string {
  const list = [...counts].sort(([, a], [, b]) => b - a).map(([store, count]) => `${store} (${count} objects)`);
  return list.length > 0 ? ` There are: ${list.join(", ")}.` : "";
}
