import { expect, test } from "vitest";
import type { Costs } from "../src/growth/costs.js";
import { growthTable, roundsTable } from "../src/growth/growth-table.js";
import { steps } from "../src/growth/steps.js";

const cost = (calls: number, rest: Partial<Costs> = {}): Costs => ({
  calls,
  items: 0,
  given: calls * 1000,
  taken: 0,
  read: undefined,
  written: undefined,
  processorMs: calls,
  ...rest,
});

test("a table of growth has the costs with the most sessions, exponents from size to size, and what breaks its law", () => {
  const all = (calls: number) => Object.fromEntries(steps().map(({ name }) => [name, cost(calls)]));
  const { title, columns, rows } = growthTable("SQLite", [
    { sessions: 100, costs: { ...all(50), list: cost(20) }, peakMiB: 70 },
    { sessions: 1000, costs: { ...all(500), list: cost(2000) }, peakMiB: 80.4 },
    { sessions: 10_000, costs: { ...all(5000), list: cost(20_000) }, peakMiB: 90 },
  ]);
  expect(title).toContain("100, 1,000, 10,000 sessions");
  expect(title).toContain("70 MiB, 80 MiB, 90 MiB");
  const rowOf = (name: string): Record<string, string> =>
    Object.fromEntries(columns.map((column, i) => [column, rows.find(([step]) => step === name)?.[i] ?? ""]));
  expect(rowOf("import")).toMatchObject({
    calls: "5,000 (1.00, 1.00)",
    "given kB": "5,000 (1.00, 1.00)",
    "taken kB": "0 (-, -)",
    "read kB": "-",
    "as it should": "yes",
  });
  expect(rowOf("list")).toMatchObject({
    calls: "20,000 (2.00, 1.00)",
    "as it should": "NO: calls, NO: given kB, NO: cpu ms",
  });
  expect(rowOf("sweep of none")["as it should"]).toContain("NO: calls");
  // What fits a database's cache tells nothing.
  const reading = (read: number) => ({ ...all(50), "sweep of none": cost(3, { read }), list: cost(50, { read }) });
  const readOf = (few: number, many: number): readonly (string | undefined)[] => {
    const { rows: cells } = growthTable("SQLite", [
      { sessions: 1000, costs: reading(few), peakMiB: 70 },
      { sessions: 10_000, costs: reading(many), peakMiB: 70 },
    ]);
    return ["sweep of none", "list"].map((name) => cells.find(([step]) => step === name)?.at(-1));
  };
  expect(readOf(100, 100_000)).toEqual(["yes", "yes"]);
  expect(readOf(100_000, 5e6)).toEqual(["yes", "yes"]);
  expect(readOf(100_000, 10e6)).toEqual(["NO: read kB", "yes"]);
  expect(readOf(1e6, 100e6)).toEqual(["NO: read kB", "NO: read kB"]);
  // With fewer sessions than it looks at first, a plan may be linear.
  const plan = growthTable("SQLite", [
    { sessions: 100, costs: all(50), peakMiB: 70 },
    { sessions: 1000, costs: all(500), peakMiB: 80 },
  ]).rows.find(([step]) => step === "plan of a prune of 10");
  expect(plan?.at(-1)).toBe("yes");
});

test("a table of rounds shows the first ones, some between, and the last", () => {
  const rounds = Array.from({ length: 200 }, (_, i) => ({ growing: cost(i + 1), lastLine: cost(4) }));
  const { title, rows } = roundsTable("plain files", 10e6, rounds);
  expect(title).toContain("a session of 10,000 kB");
  expect(rows.map(([round, calls]) => [round, calls])).toEqual([
    ["1", "1"],
    ["2", "2"],
    ["50", "50"],
    ["100", "100"],
    ["200", "200"],
  ]);
});
