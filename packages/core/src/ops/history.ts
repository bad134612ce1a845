/** What this store's runs have given up and taken back, as its records in the sink say. */
import type { Context } from "../context.js";
import type { OpOptions } from "../ports.js";
import type { Change } from "../run-records/changes.js";
import { recordsOf } from "../run-records/log.js";

/** One operation over any number of sessions. */
export interface PastRun {
  /** 16 hex digits. */
  readonly id: string;
  /** `prune`, `remove`, `forget`, `restore`, `pin`, `append` and so on. */
  readonly operation: string;
  /** Unix ms. */
  readonly at: number;
  /** How many changes it made. Records are combined after some time; then only those that still matter are kept. */
  readonly count: number;
  readonly changes: readonly Change[];
}

/** The newest runs first. Records that can't be read are left out. */
export async function* history(ctx: Context, op: OpOptions = {}): AsyncGenerator<PastRun> {
  const store = (await ctx.notes.read(op))?.id;
  if (store === undefined) return;
  const runs = new Map<string, PastRun>();
  for (const { record } of await recordsOf(ctx.archives, store, op)) {
    for (const { run: id, operation, at, count, changes } of record?.runs ?? []) {
      // One that was combined while this listing went on may be in two records.
      if (!runs.has(id)) runs.set(id, { id, operation, at, count: count ?? changes.length, changes });
    }
  }
  yield* [...runs.values()].reverse();
}
