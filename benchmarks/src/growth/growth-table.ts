/** The costs of steps at several sizes as a table, with the exponents between them. */
import type { ReportTable } from "../report/series.js";
import type { Costs } from "./costs.js";
import { breaks, exponent, type Measure } from "./laws.js";
import type { RoundCosts } from "./rounds.js";
import { lawFrom, steps } from "./steps.js";

export interface Grown {
  readonly sessions: number;
  readonly costs: Readonly<Record<string, Costs>>;
  readonly peakMiB: number;
}

const MEASURES: Readonly<Record<Measure, { readonly title: string; readonly unit: number }>> = {
  calls: { title: "calls", unit: 1 },
  items: { title: "listed", unit: 1 },
  given: { title: "given kB", unit: 1000 },
  taken: { title: "taken kB", unit: 1000 },
  written: { title: "written kB", unit: 1000 },
  read: { title: "read kB", unit: 1000 },
  processorMs: { title: "cpu ms", unit: 1 },
};
const SHOWN = Object.entries(MEASURES) as [Measure, (typeof MEASURES)[Measure]][];

/** A row for each step: each cost with the most sessions, and its exponents from size to size. `grown`: smallest first. */
export function growthTable(store: string, grown: readonly Grown[]): ReportTable {
  const sizes = grown.map(({ sessions }) => sessions.toLocaleString("en"));
  const rows = steps().map((step) => {
    const cells = SHOWN.map(([measure, { unit }]) => {
      const exponents = exponentsOf(grown, step.name, measure).map((value) => value?.toFixed(2) ?? "-");
      const last = grown.at(-1)?.costs[step.name]?.[measure];
      return last === undefined ? "-" : `${shown(last / unit)} (${exponents.join(", ")})`;
    });
    return [step.name, step.law, ...cells, beyond(grown, step) || "yes"];
  });
  const peaks = grown.map(({ peakMiB }) => `${peakMiB.toFixed(0)} MiB`);
  return {
    title: `${store}, with ${sizes.join(", ")} sessions: costs with the most, and exponents (peak memory ${peaks.join(", ")})`,
    columns: ["step", "law", ...SHOWN.map(([, { title }]) => title), "as it should"],
    rows,
  };
}

/** What grows faster than it may. */
function beyond(grown: readonly Grown[], step: ReturnType<typeof steps>[number]): string {
  const costOf = ({ sessions, costs }: Grown, measure: Measure) => ({ sessions, cost: costs[step.name]?.[measure] });
  const measures = SHOWN.filter(([measure]) =>
    grown.some((large, i) => {
      const small = grown[i - 1];
      if (!small) return false;
      return breaks(lawFrom(step, small.sessions), measure, costOf(small, measure), costOf(large, measure));
    }),
  );
  return measures.map(([, { title }]) => `NO: ${title}`).join(", ");
}

/** `undefined` where there is nothing to compare. */
function exponentsOf(grown: readonly Grown[], step: string, measure: Measure): readonly (number | undefined)[] {
  return grown.slice(1).map(({ sessions, costs }, i) => {
    const [before, after] = [grown[i]?.costs[step]?.[measure], costs[step]?.[measure]];
    if (!before || !after) return undefined;
    return exponent(before, after, grown[i]?.sessions ?? 1, sessions);
  });
}

/** A row for each of some rounds. */
export function roundsTable(store: string, bytes: number, rounds: readonly RoundCosts[]): ReportTable {
  const last = rounds.length;
  const told = [...new Set([1, 2, Math.ceil(last / 4), Math.ceil(last / 2), last])];
  return {
    title: `${store}: a session of ${shown(bytes / 1000)} kB grows by a line and is archived, ${last} times`,
    columns: [
      "round",
      "calls",
      "given kB",
      "taken kB",
      "written kB",
      "read kB",
      "cpu ms",
      "last line: calls",
      "given kB",
    ],
    rows: told.flatMap((round) => {
      const costs = rounds[round - 1];
      if (!costs) return [];
      const { growing, lastLine } = costs;
      const kB = (value: number | undefined): string => (value === undefined ? "-" : shown(value / 1000));
      const { calls, given, taken, written, read, processorMs } = growing;
      const cells = [shown(calls), kB(given), kB(taken), kB(written), kB(read), shown(processorMs)];
      return [[String(round), ...cells, shown(lastLine.calls), kB(lastLine.given)]];
    }),
  };
}

function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}
