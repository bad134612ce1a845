/** Runs the tasks in turn and returns their times as series of a report. */
import type { Series, Work } from "../report/series.js";
import { alternately, type Work as Turn } from "./rounds.js";

/** Each of `turns` returns milliseconds. */
export async function seriesOf(turns: Readonly<Record<string, Turn>>, rounds: number, work?: Work): Promise<Series[]> {
  const given = await alternately(turns, rounds);
  return [...given].map(([name, all]) => ({
    name,
    unit: "s",
    samples: all.map((ms) => ms / 1000),
    work,
    peaksMiB: [],
  }));
}
