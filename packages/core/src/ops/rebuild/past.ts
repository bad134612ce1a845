/**
 * What the run records say of the sessions, a share of these at a time. Of a store that has given up many it is more than all else that
 * a rebuild holds.
 */
import type { Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import { FOLDERS, folderNumber } from "../../format/keys.js";
import type { OpOptions } from "../../ports.js";
import { lookAt, recordHeads } from "../../run-records/log.js";
import type { FoundRecord } from "../../run-records/order.js";
import { type History, historyMaker } from "./history.js";

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

/** Bytes of records for each share; what is made of them takes about three times as much. So few are read only once. */
const BYTES_OF_SHARE = 8 * 1024 * 1024;
/** Each costs a look at all records. */
const MOST_SHARES = 32;
const MAX_TRIES = 5;

/** `late`: keys of records that the catalogue does not know. `bytesOfShare`: of records. */
export async function pastOf(
  ctx: Context,
  store: string,
  late: ReadonlySet<string>,
  op: OpOptions,
  bytesOfShare: number = BYTES_OF_SHARE,
): Promise<Past> {
  let { heads, bytes } = await recordHeads(ctx.archives, store, bytesOfShare, op);
  /** `undefined` if a record has gone, because another process has combined some into a new one. */
  const read = async (share: Share): Promise<PastOfShare | undefined> => {
    const isIn = (id: string): boolean => folderNumber(id) >= share.from && folderNumber(id) < share.to;
    const [history, lateHistory] = [historyMaker(isIn), historyMaker(isIn)];
    for (const head of heads) {
      const { key, record } = head;
      const found = record && !record.runs ? await lookAt(ctx.archives, key, store, op) : (head as FoundRecord);
      if (!found) return undefined;
      history.add(found.record);
      if (late.has(key)) lateHistory.add(found.record);
    }
    return { history: history.end(), late: lateHistory.end() };
  };
  return {
    keys: heads.map(({ key }) => key),
    unreadable: heads.flatMap(({ key, record }) => (record ? [] : [key])),
    shares: sharesFor(bytes / bytesOfShare),
    async of(share) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const past = await read(share);
        if (past) return past;
        ({ heads } = await recordHeads(ctx.archives, store, bytesOfShare, op));
      }
      throw new ArchiverError("CONFLICT", "Others keep combining the store's run records: run this again.");
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

function sharesFor(wanted: number): readonly Share[] {
  const count = Math.min(Math.max(Math.ceil(wanted), 1), MOST_SHARES);
  const start = (share: number): number => Math.floor((share * FOLDERS) / count);
  return Array.from({ length: count }, (_, i) => ({ from: start(i), to: start(i + 1) }));
}
