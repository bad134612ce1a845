/** A sweep of small sessions, with its number of transactions, beside a codec alone on the same bytes. */
import type { Series } from "../report/series.js";
import { seriesOf } from "./series.js";
import type { Tab } from "./tab.js";

const COUNT = 500;
const BYTES = 20_000;

export interface SmallSessions {
  readonly series: readonly Series[];
  readonly facts: Readonly<Record<string, number>>;
}

export async function measureSmall(tab: Tab, rounds: number): Promise<SmallSessions> {
  await tab.call("makeSmall", COUNT, BYTES);
  await tab.call("open", "small", { codec: "fflate", durability: "strict" });
  await tab.call("open", "small in memory", { codec: "fflate" });
  const facts: Record<string, number> = {};
  const sweep = (store: string): (() => Promise<number>) => {
    let round = 0;
    return async () => {
      await tab.call("addSmall", store, round++);
      const { ms, reads, writes } = await tab.call("sweep", store);
      facts[`${store}: reading transactions a session`] = reads / COUNT;
      facts[`${store}: writing transactions a session`] = writes / COUNT;
      return ms;
    };
  };
  const turns = {
    [`sweep of ${COUNT} sessions of 20 kB`]: sweep("small"),
    "the same, storage in memory": sweep("small in memory"),
    "the same bytes, a CompressionStream each": () => tab.call("compressSmall"),
  };
  const series = await seriesOf(turns, rounds, { amount: COUNT, unit: "sessions" });
  await tab.call("drop", "small");
  return { series, facts };
}
