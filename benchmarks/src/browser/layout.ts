/** IndexedDB alone: the cost of row sizes and shapes of transactions. */
import type { Series } from "../report/series.js";
import type { Work } from "./rounds.js";
import { seriesOf } from "./series.js";
import type { Tab } from "./tab.js";

const KIB = 1024;
/** The bytes in one transaction, for any row size. */
const BATCH_KIB = 4096;
const ROWS_KIB = [256, 512, 1024, 2048, 4096] as const;
const ROWS_PER_TRANSACTION = [1, 2, 4, 8, 16] as const;

export async function measureLayout(tab: Tab, rounds: number): Promise<readonly Series[]> {
  const work = { amount: (await tab.call("load")) / 1e6, unit: "MB" };
  const turns: Record<string, Work> = {};
  const short: Record<string, Work> = {};
  for (const kib of ROWS_KIB) {
    const rowBytes = kib * KIB;
    const rowsPerTransaction = BATCH_KIB / kib;
    const write = { rowBytes, rowsPerTransaction, inFlight: 1, durability: "strict" } as const;
    turns[`rows of ${kib} KiB: write`] = () => tab.call("writeRows", write);
    turns[`rows of ${kib} KiB: read, two in flight`] = () => tab.call("readRows", { how: "get", count: 2 });
    turns[`rows of ${kib} KiB: read, getAll`] = () =>
      tab.call("readRows", { how: "getAll", count: rowsPerTransaction });
    turns[`rows of ${kib} KiB: read, cursor`] = () => tab.call("readRows", { how: "cursor", count: 1 });
    turns[`rows of ${kib} KiB: delete`] = () => tab.call("deleteRows");
    short[`one row of ${kib} KiB`] = async () => {
      await tab.call("writeRows", write);
      return tab.call("readOne");
    };
  }
  for (const rowsPerTransaction of ROWS_PER_TRANSACTION) {
    for (const inFlight of [1, 2]) {
      const write = { rowBytes: 1024 * KIB, rowsPerTransaction, inFlight, durability: "strict" } as const;
      turns[`${rowsPerTransaction} MiB a transaction, ${inFlight} in flight`] = () => tab.call("writeRows", write);
    }
  }
  return [...(await seriesOf(turns, rounds, work)), ...(await seriesOf(short, rounds))];
}
