/** Keeps a result as a file: every single figure, and all that is needed to measure it again. */
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { judge } from "./judge.js";
import { machine, versions } from "./machine.js";
import type { PartReport } from "./series.js";

export interface RunFacts {
  /** What was typed to get it. */
  readonly command: string;
  /** What it was measured on: for instance size, source and gzip ratio of the data. */
  readonly data?: Readonly<Record<string, string | number>> | undefined;
  /** Tells results of one part apart: `archive-256mb.json`. */
  readonly label?: string | undefined;
}

const RESULTS = new URL("../../results/", import.meta.url);

/** Writes `results/<part>[-<label>].json`; resolves with its path. */
export async function writeReport(report: PartReport, run: RunFacts, folder: URL = RESULTS): Promise<string> {
  await mkdir(folder, { recursive: true });
  const { label, ...facts } = run;
  const file = new URL(`${report.part}${label === undefined ? "" : `-${label}`}.json`, folder);
  const result = {
    ...facts,
    at: new Date().toISOString(),
    machine: machine(),
    versions: versions(),
    ...report,
    claims: judge(report).map(({ claim, measured, met }) => ({ ...claim, measured, met })),
  };
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  return fileURLToPath(file);
}
