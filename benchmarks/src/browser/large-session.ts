/** Archives, reads and restores one session of about 64 MB from memory, beside the codecs alone. */
import type { Claim, Series } from "../report/series.js";
import { seriesOf } from "./series.js";
import type { Tab } from "./tab.js";

const CODECS = ["fflate", "native"] as const;
const LINES = 100;

/** The targets that were set. Series without one show how far the limit is. */
export const LARGE_CLAIMS: readonly Claim[] = [
  { kind: "speed", of: "archive, fflate", than: "gzipSync of fflate, in memory", atLeast: 0.9 },
  { kind: "speed", of: "archive, native", than: "archive, fflate", atLeast: 1 },
];

export async function measureLarge(tab: Tab, rounds: number): Promise<readonly Series[]> {
  const MB = { amount: (await tab.call("load")) / 1e6, unit: "MB" };
  for (const codec of CODECS) {
    await tab.call("open", codec, { codec, durability: "strict" });
    await tab.call("add", codec);
  }
  const ends: Record<string, number[]> = {};
  const ofCodec = (codec: (typeof CODECS)[number]): Record<string, () => Promise<number>> => ({
    [`archive, ${codec}`]: () => tab.call("archive", codec),
    [`read, ${codec}`]: async () => {
      const name = `last ${LINES} lines, ${codec}`;
      ends[name] = [...(ends[name] ?? []), (await tab.call("tail", codec, LINES)) / 1000];
      return tab.call("readAll", codec);
    },
    [`restore, ${codec}`]: async () => {
      const ms = await tab.call("restore", codec);
      await tab.call("collect", codec);
      return ms;
    },
  });
  const turns = {
    "CompressionStream, in memory": () => tab.call("compressionStream"),
    ...ofCodec("native"),
    "DecompressionStream, in memory": () => tab.call("decompressionStream"),
    "gzipSync of fflate, in memory": () => tab.call("gzipSync"),
    ...ofCodec("fflate"),
  };
  const series = await seriesOf(turns, rounds, MB);
  for (const codec of CODECS) {
    if (!(await tab.call("isSame", codec))) throw new Error(`The session came back with other bytes (${codec}).`);
    await tab.call("drop", codec);
  }
  const tails = Object.entries(ends).map(([name, samples]): Series => ({ name, unit: "s", samples, peaksMiB: [] }));
  return [...series, ...tails];
}
