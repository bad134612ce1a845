/** A part's result as a table: a row for each series, with its claims below. */
import { getBorderCharacters, table } from "table";
import { type Judgement, judge, rates } from "./judge.js";
import type { Claim, PartReport, Series } from "./series.js";
import { median } from "./statistics.js";

const TITLES = ["what", "median", "range", "peak MiB", "measured", "target", "met"] as const;
const NOTHING = "-";

export function formatReport(report: PartReport): string {
  const judgements = judge(report);
  const rows = report.series.map((series) =>
    rowOf(
      series,
      judgements.filter(({ claim }) => claim.of === series.name),
    ),
  );
  const facts = Object.entries(report.facts ?? {}).map(([name, value]) => `  ${name}: ${value}`);
  const text = rows.length === 0 ? [] : ["", textOf([TITLES, ...rows], (column) => column === 0 || column > 3)];
  const tables = (report.tables ?? []).flatMap(({ title, columns, rows: cells }) => [
    `\n${title}`,
    textOf([columns, ...cells], (column) => column === 0),
  ]);
  return [`\n${report.title}`, ...facts, ...text, ...tables].join("\n");
}

function textOf(rows: readonly (readonly string[])[], isLeft: (column: number) => boolean): string {
  const text = table(
    rows.map((row) => [...row]),
    {
      border: getBorderCharacters("void"),
      columnDefault: { paddingLeft: 0, paddingRight: 2 },
      columns: (rows[0] ?? []).map((_, column) => ({ alignment: isLeft(column) ? "left" : "right" })),
      drawHorizontalLine: () => false,
    },
  );
  return text.replace(/ +$/gm, "");
}

function rowOf(series: Series, judgements: readonly Judgement[]): readonly string[] {
  const lines = (text: (judgement: Judgement) => string): string => judgements.map(text).join("\n");
  return [
    series.note === undefined || series.samples.length === 0 ? series.name : `${series.name} (${series.note})`,
    series.samples.length === 0 ? (series.note ?? NOTHING) : shown(series, median(valuesOf(series))),
    series.samples.length < 2 ? "" : `${shortest(series)} to ${longest(series)}`,
    series.peaksMiB.length === 0 ? NOTHING : Math.max(...series.peaksMiB).toFixed(0),
    lines(({ claim, measured }) => (measured === undefined ? "not measured" : inMeasure(claim, measured))),
    lines(({ claim }) => targetOf(claim)),
    lines(({ met }) => (met === undefined ? NOTHING : met ? "yes" : "NO")),
  ];
}

function valuesOf(series: Series): readonly number[] {
  if (series.unit === "bytes") return series.samples;
  return series.work ? rates(series) : series.samples.map((seconds) => seconds * 1000);
}

function shown(series: Series, value: number): string {
  if (series.unit === "bytes") return `${digits(value)} bytes`;
  return `${digits(value)} ${series.work ? perSecond(series.work.unit) : "ms"}`;
}

function perSecond(unit: string): string {
  return unit === "MB" ? "MB/s" : `${unit}/s`;
}

function shortest(series: Series): string {
  return digits(Math.min(...valuesOf(series)));
}

function longest(series: Series): string {
  return digits(Math.max(...valuesOf(series)));
}

function targetOf(claim: Claim): string {
  if (claim.kind === "size") return `at most ${claim.atMost} x ${claim.than}`;
  const bound = "atLeast" in claim ? `at least ${digits(claim.atLeast)}` : `at most ${digits(claim.atMost)}`;
  if (claim.kind === "speed") return `${bound} x ${claim.than}`;
  return claim.kind === "rate" ? `${bound} a second` : `${bound} ${claim.kind === "ms" ? "ms" : "MiB"}`;
}

function inMeasure(claim: Claim, measured: number): string {
  if (claim.kind === "speed") return `${digits(measured)} x`;
  // Three digits would not show a bound of 1.5 %.
  if (claim.kind === "size") return `${measured.toFixed(4)} x`;
  return claim.kind === "rate"
    ? `${digits(measured)} a second`
    : `${digits(measured)} ${claim.kind === "ms" ? "ms" : "MiB"}`;
}

/** Three significant digits, or more for large numbers. */
function digits(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}
