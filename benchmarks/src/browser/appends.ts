/** Measures lines of 500 bytes through recorders, and as puts of IndexedDB alone. */
import type { Series } from "../report/series.js";
import { seriesOf } from "./series.js";
import type { Tab } from "./tab.js";

const DURABILITIES = ["strict", "relaxed"] as const;
/** The number of recorders, of lines that each gets before it awaits them, and of all lines. */
const CASES = [
  [1, 1, 500],
  [1, 100, 20_000],
  [50, 1, 5_000],
] as const;

export async function measureAppends(tab: Tab, rounds: number): Promise<readonly Series[]> {
  const series: Series[] = [];
  for (const durability of DURABILITIES) await tab.call("open", durability, { codec: "fflate", durability });
  for (const [recorders, atOnce, lines] of CASES) {
    const turns: Record<string, () => Promise<number>> = {};
    for (const durability of DURABILITIES) {
      const name = `recorders: ${recorders}, ${atOnce} at once, ${durability}`;
      turns[name] = () => tab.call("append", durability, { recorders, atOnce, lines });
      if (recorders * atOnce > 1) continue;
      turns[`IndexedDB alone, one by one, ${durability}`] = () => tab.call("appendBare", durability, lines);
    }
    series.push(...(await seriesOf(turns, rounds, { amount: lines, unit: "appends" })));
  }
  for (const durability of DURABILITIES) await tab.call("drop", durability);
  return series;
}
