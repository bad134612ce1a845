import { expect, test } from "vitest";
import { NOT_INSTALLED, type Series } from "../src/report/series.js";
import { formatReport } from "../src/report/table.js";

const series: readonly Series[] = [
  { name: "ours", unit: "s", samples: [2, 1, 4], work: { amount: 200, unit: "MB" }, peaksMiB: [90, 120.4] },
  { name: "gzip", unit: "s", samples: [4, 2, 8], work: { amount: 200, unit: "MB" }, peaksMiB: [] },
  { name: "pigz", unit: "s", samples: [], peaksMiB: [], note: NOT_INSTALLED },
];

/** The cells of each line after the title. */
function cellsOf(text: string): readonly (readonly string[])[] {
  const rows = text.slice(text.indexOf("what ")).trim().split("\n");
  return rows.map((row) => row.trim().split(/ {2,}/));
}

test("a table shows rates, comparisons, and missing measurements", () => {
  const text = formatReport({
    part: "archive",
    title: "Archiving",
    facts: { sessions: 3 },
    series,
    claims: [
      { kind: "speed", of: "ours", than: "gzip", atLeast: 1.1 },
      { kind: "speed", of: "ours", than: "pigz", atLeast: 1.1 },
      { kind: "peak MiB", of: "ours", atMost: 100 },
    ],
  });
  expect(text).toContain("Archiving\n  sessions: 3\n");
  expect(cellsOf(text)).toEqual([
    ["what", "median", "range", "peak MiB", "measured", "target", "met"],
    ["ours", "100 MB/s", "50 to 200", "120", "2 x", "at least 1.1 x gzip", "yes"],
    ["not measured", "at least 1.1 x pigz", "-"],
    ["120 MiB", "at most 100 MiB", "NO"],
    ["gzip", "50 MB/s", "25 to 100", "-"],
    ["pigz", NOT_INSTALLED, "-"],
  ]);
});

test("tables of their own come below, and alone if nothing was measured in rounds", () => {
  const text = formatReport({
    part: "x",
    title: "X",
    series: [],
    claims: [],
    tables: [{ title: "Steps", columns: ["what step", "calls"], rows: [["list", "12"]] }],
  });
  expect(text).toContain("X\n\nSteps\n");
  expect(cellsOf(text)).toEqual([
    ["what step", "calls"],
    ["list", "12"],
  ]);
});

test("a series without an amount of work is shown as a time, sizes as bytes, and a size's bound keeps its digits", () => {
  const text = formatReport({
    part: "x",
    title: "X",
    series: [
      { name: "tail", unit: "s", samples: [0.00456], peaksMiB: [] },
      { name: "stored", unit: "bytes", samples: [1_234_567], peaksMiB: [] },
      { name: "gzip", unit: "bytes", samples: [1_230_000], peaksMiB: [] },
    ],
    claims: [{ kind: "size", of: "stored", than: "gzip", atMost: 1.015 }],
  });
  expect(cellsOf(text).slice(1)).toEqual([
    ["tail", "4.56 ms", "-"],
    ["stored", "1,234,567 bytes", "-", "1.0037 x", "at most 1.015 x gzip", "yes"],
    ["gzip", "1,230,000 bytes", "-"],
  ]);
});
