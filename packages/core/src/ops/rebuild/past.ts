/**
 * What the run records say of the sessions, a share of these at a time. Of a store that has given up many it is more than all else that
 * a rebuild holds.
 */
import type { Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import { FOLDERS, folderNumber, recordPrefix } from "../../format/keys.js";
import type { OpOptions } from "../../ports.js";
import type { Change } from "../../run-records/changes.js";
import { lookAt } from "../../run-records/log.js";
import { inOrder, type RecordHead } from "../../run-records/order.js";
import type { Run } from "../../run-records/record.js";
import { addTo } from "./add-to.js";
import { type History, historyMaker } from "./history.js";
import { type PackedRuns, packRuns } from "./packed-runs.js";

/** The folders in the sink whose sessions are worked on together: from this number on, up to that one. */
export interface Share {
  readonly from: number;
  readonly to: number;
}

export interface PastOfShare {
  readonly history: History;
  /** As far as the catalogue does not know it, because that was set back. */
  readonly late: History;
}

export interface Past {
  /** Sink keys of all records. */
  readonly keys: readonly string[];
  /** Of those that can't be read. */
  readonly unreadable: readonly string[];
  readonly shares: readonly Share[];
  of(share: Share): Promise<PastOfShare>;
}

/** A record that was read: its runs by share, as far as they have changes there. */
interface ReadRecord extends RecordHead {
  readonly runsIn: ReadonlyMap<Share, PackedRuns>;
}

/** Bytes of records for each share; what is made of them takes about three times as much. */
const BYTES_OF_SHARE = 2 * 1024 * 1024;
const MOST_SHARES = 128;
const MAX_TRIES = 5;

/** `late`: keys of records that the catalogue does not know. `bytesOfShare`: of records. */
export async function pastOf(
  ctx: Context,
  store: string,
  late: ReadonlySet<string>,
  op: OpOptions,
  bytesOfShare: number = BYTES_OF_SHARE,
): Promise<Past> {
  const { shares, records } = await readAll(ctx, store, bytesOfShare, op);
  return {
    keys: records.map(({ key }) => key),
    unreadable: records.flatMap(({ key, record }) => (record ? [] : [key])),
    shares,
    async of(share) {
      const [history, lateHistory] = [historyMaker(), historyMaker()];
      for (const { key, record, runsIn } of records) {
        const found = record && { runs: (await runsIn.get(share)?.unpack()) ?? [] };
        history.add(found);
        if (late.has(key)) lateHistory.add(found);
      }
      return { history: history.end(), late: lateHistory.end() };
    },
  };
}

/** If there are no records, or not even a store's id. */
export const NO_PAST: Past = {
  keys: [],
  unreadable: [],
  shares: [{ from: 0, to: FOLDERS }],
  of: async () => ({ history: new Map(), late: new Map() }),
};

/** Reads each record once, oldest first in the end. */
async function readAll(
  ctx: Context,
  store: string,
  bytesOfShare: number,
  op: OpOptions,
): Promise<{ readonly shares: readonly Share[]; readonly records: readonly ReadRecord[] }> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const listed: { readonly key: string; readonly size: number }[] = [];
    for await (const { key, size } of ctx.archives.list(recordPrefix(store), op)) listed.push({ key, size });
    const shares = sharesFor(listed.reduce((sum, { size }) => sum + size, 0) / bytesOfShare);
    const records: ReadRecord[] = [];
    for (const { key } of listed) {
      const found = await lookAt(ctx.archives, key, store, op);
      if (!found) break; // another process has combined some into a new one
      const { after, replaces, runs } = found.record ?? { after: null, replaces: [], runs: [] };
      records.push({ key, record: found.record && { after, replaces }, runsIn: await byShare(ctx, runs, shares) });
    }
    if (records.length === listed.length) return { shares, records: inOrder(records) };
  }
  throw new ArchiverError("CONFLICT", "Others keep combining the store's run records: run this again.");
}

async function byShare(
  ctx: Context,
  runs: readonly Run[],
  shares: readonly Share[],
): Promise<ReadonlyMap<Share, PackedRuns>> {
  const [only] = shares;
  if (only && shares.length === 1) return new Map([[only, { unpack: async () => runs }]]);
  const some = new Map<Share, Run[]>();
  for (const run of runs) {
    for (const [share, changes] of changesByShare(run.changes, shares)) {
      addTo(some, share, { ...run, changes });
    }
  }
  const packed = new Map<Share, PackedRuns>();
  for (const [share, runsIn] of some) packed.set(share, await packRuns(ctx.codec, runsIn));
  return packed;
}

function changesByShare(changes: readonly Change[], shares: readonly Share[]): ReadonlyMap<Share, readonly Change[]> {
  const some = new Map<Share, Change[]>();
  for (const change of changes) {
    const folder = folderNumber(change.id);
    const share = shares.find(({ from, to }) => folder >= from && folder < to);
    if (share) addTo(some, share, change);
  }
  return some;
}

function sharesFor(wanted: number): readonly Share[] {
  const count = Math.min(Math.max(Math.ceil(wanted), 1), MOST_SHARES);
  const start = (share: number): number => Math.floor((share * FOLDERS) / count);
  return Array.from({ length: count }, (_, i) => ({ from: start(i), to: start(i + 1) }));
}
