/** The command `session-archiver-conformance`. */
import { parseArgs } from "node:util";
import { type AdapterModule, loadAdapter } from "./adapter-module.js";
import type { Case } from "./case.js";
import { cases } from "./cases/index.js";
import { crashCasesWith } from "./crashes/cases.js";
import { modelCases } from "./model/cases.js";
import { type CaseResult, runAll } from "./run.js";

const USAGE = `Usage: session-archiver-conformance [options] <module>

Proves a storage adapter. The module exports a function "setup" (or has it as its default export), which resolves with the
ports on an empty store of their own, and, unless it offers all three ports on a durable store, a list "offers".

Options:
  --crashes          run the crash matrix instead: every operation stopped at each of its port calls, and its recovery too
  --pairs <n>        try n pairs of crashes in a row for each operation (default 40)
  --histories <n>    run only random histories: n for each case
  --seed <n>         seed of the first random history (default 1)
  --only <text>      run only the cases whose line contains the text
  --timeout <ms>     fail a case that takes longer (default 60000)
  --json             print one JSON document instead of lines
  -h, --help         print this

Exit codes: 0 all cases that fit the adapter passed, 1 a case failed, 2 nothing was tested.`;

const OPTIONS = {
  crashes: { type: "boolean", default: false },
  pairs: { type: "string", default: "40" },
  histories: { type: "string" },
  seed: { type: "string", default: "1" },
  only: { type: "string", default: "" },
  timeout: { type: "string", default: "60000" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

interface Values {
  readonly crashes: boolean;
  readonly pairs: string;
  readonly histories?: string | undefined;
  readonly seed: string;
}

export interface Output {
  print(line: string): void;
  printError(line: string): void;
}

interface Job extends AdapterModule {
  readonly module: string;
  readonly selected: readonly Case[];
  readonly timeoutMs: number;
  readonly json: boolean;
}

/** Runs the command and gives its exit code. */
export async function main(args: readonly string[], output: Output): Promise<number> {
  let job: Job | undefined;
  try {
    job = await jobOf(args);
  } catch (error) {
    output.printError(`${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  if (!job) {
    output.print(USAGE);
    return 0;
  }
  return run(job, output);
}

/** `undefined`: only help is asked for. */
async function jobOf(args: readonly string[]): Promise<Job | undefined> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  if (values.help) return undefined;
  const [module, ...more] = positionals;
  if (module === undefined || more.length > 0) throw new Error("Name one adapter module.");
  const timeoutMs = Number(values.timeout);
  if (!(timeoutMs > 0)) throw new Error(`--timeout must be a number of milliseconds, is "${values.timeout}".`);
  const selected = suiteOf(values).filter((testCase) => titleOf(testCase).includes(values.only));
  if (selected.length === 0) throw new Error(`No case's line contains "${values.only}".`);
  return { ...(await loadAdapter(module)), module, selected, timeoutMs, json: values.json };
}

function suiteOf({ crashes, pairs, histories, seed }: Values): readonly Case[] {
  if (crashes) return crashCasesWith({ pairs: countOf("--pairs", pairs) });
  if (histories === undefined) return cases;
  return modelCases({ histories: countOf("--histories", histories), seed: countOf("--seed", seed) });
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new Error(`${option} must be a whole number of at least 1, is "${text}".`);
}

async function run({ setup, offers, module, selected, timeoutMs, json }: Job, output: Output): Promise<number> {
  const results: CaseResult[] = [];
  for await (const result of runAll(setup, { offers, cases: selected, timeoutMs })) {
    results.push(result);
    if (!json) output.print(lineOf(result));
  }
  const count = (outcome: CaseResult["outcome"]): number => results.filter((each) => each.outcome === outcome).length;
  const [passed, failed, skipped] = [count("passed"), count("failed"), count("skipped")];
  if (json) {
    const plain = results.map((each) => (each.outcome === "failed" ? { ...each, error: messageOf(each.error) } : each));
    output.print(JSON.stringify({ module, offers, passed, failed, skipped, results: plain }, undefined, 2));
  } else {
    output.print(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
  if (passed + failed === 0) return 2;
  return failed > 0 ? 1 : 0;
}

function titleOf({ concern, name }: Pick<CaseResult, "concern" | "name">): string {
  return `${concern}: ${name}`;
}

function lineOf(result: CaseResult): string {
  const title = titleOf(result);
  if (result.outcome === "skipped") return `skip  ${title} (needs ${result.missing?.join(", ")})`;
  if (result.outcome === "passed") {
    const note = result.note === undefined ? "" : `: ${result.note}`;
    return `ok    ${title} (${Math.round(result.durationMs)} ms)${note}`;
  }
  return `FAIL  ${title}\n      ${messageOf(result.error).replaceAll("\n", "\n      ")}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
