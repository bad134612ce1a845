/** The command `session-archiver-conformance`. */
import { parseArgs } from "node:util";
import { type AdapterModule, loadAdapter } from "./adapter-module.js";
import type { Case } from "./case.js";
import { cases } from "./cases/index.js";
import { type CaseResult, runAll } from "./run.js";
import { crashCasesWith } from "./simulation/crashes/cases.js";
import { describeFailure, type SimulateOptions, type SimulateResult, simulate } from "./simulation/simulate.js";
import { describeStoresFailure, type SimulateStoresResult, simulateStores } from "./simulation/stores/simulate.js";

const USAGE = `Usage: session-archiver-conformance [options] <module>
       session-archiver-conformance --schedules <n> [--seed <n>]

Proves a storage adapter. The module exports a function "setup" (or has it as its default export), which resolves with the
ports on an empty store of their own, and, unless it offers all three ports on a durable store, a list "offers".

Options:
  --crashes          run the crash matrix instead: every operation stopped at each of its port calls, and its recovery too
  --pairs <n>        of two crashes in a row, try so many for each operation (default 40)
  --schedules <n>    simulate so many schedules of core itself on a simulated disk, and as many of stores that are lost,
                     copied, set back and swapped; needs no module
  --seed <n>         the first of them (default 1)
  --only <text>      run only the cases whose line contains the text
  --timeout <ms>     fail a case that takes longer (default 60000)
  --json             print one JSON document instead of lines
  -h, --help         print this

Exit codes: 0 all cases that fit the adapter passed, 1 a case failed, 2 nothing was tested.`;

const OPTIONS = {
  crashes: { type: "boolean", default: false },
  pairs: { type: "string", default: "40" },
  schedules: { type: "string" },
  seed: { type: "string", default: "1" },
  only: { type: "string", default: "" },
  timeout: { type: "string", default: "60000" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

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
  let job: Job | SimulateOptions | undefined;
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
  return "setup" in job ? run(job, output) : runSimulation(job, output);
}

/** `undefined`: only help is asked for. */
async function jobOf(args: readonly string[]): Promise<Job | SimulateOptions | undefined> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  if (values.help) return undefined;
  const [module, ...more] = positionals;
  if (values.schedules !== undefined) {
    if (module !== undefined) throw new Error("--schedules simulates core, and takes no module.");
    return { schedules: countOf("--schedules", values.schedules), seed: countOf("--seed", values.seed) };
  }
  if (module === undefined || more.length > 0) throw new Error("Name one adapter module.");
  const timeoutMs = Number(values.timeout);
  if (!(timeoutMs > 0)) throw new Error(`--timeout must be a number of milliseconds, is "${values.timeout}".`);
  const suite = values.crashes ? crashCasesWith({ pairs: countOf("--pairs", values.pairs) }) : cases;
  const selected = suite.filter((testCase) => titleOf(testCase).includes(values.only));
  if (selected.length === 0) throw new Error(`No case's line contains "${values.only}".`);
  return { ...(await loadAdapter(module)), module, selected, timeoutMs, json: values.json };
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new Error(`${option} must be a whole number of at least 1, is "${text}".`);
}

async function runSimulation(options: SimulateOptions, output: Output): Promise<number> {
  const report = (what: string, result: SimulateResult | SimulateStoresResult, failure: string | undefined): void => {
    const replay = `session-archiver-conformance --schedules 1 --seed ${result.failure?.seed}`;
    if (failure !== undefined) output.print(`FAIL  ${failure}\nto see it again: ${replay}`);
    output.print(`${result.schedules} ${what}, ${result.steps} steps${result.failure ? "" : ": nothing was lost"}`);
  };
  const sessions = await simulate(options);
  report("schedules", sessions, sessions.failure && describeFailure(sessions.failure));
  const stores = await simulateStores(options);
  report("schedules of stores", stores, stores.failure && describeStoresFailure(stores.failure));
  return sessions.failure || stores.failure ? 1 : 0;
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
  if (result.outcome === "passed") return `ok    ${title} (${Math.round(result.durationMs)} ms)`;
  return `FAIL  ${title}\n      ${messageOf(result.error).replaceAll("\n", "\n      ")}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
