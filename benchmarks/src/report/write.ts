/** Writes a result to a file: every figure, and everything needed to measure it again. */
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { judge } from "./judge.js";
import { machine, versions } from "./machine.js";
import type { PartReport } from "./series.js";

export interface RunFacts {
  /** The command that measured it. */
  readonly command: string;
  /** The data of the measurement, such as its size, source and gzip ratio. */
  readonly data?: Readonly<Record<string, string | number>> | undefined;
  /** Distinguishes results of one part: `archive-256mb.json`. */
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
