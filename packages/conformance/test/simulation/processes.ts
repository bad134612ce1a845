/** Processes that run schedules, side by side: each is a thread of its own on cheap, plain JavaScript. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { SimulateImportsResult, SimulateResult, SimulateStoresResult } from "../../src/simulation/index.js";
import type { Caught, MutantsJob, SchedulesJob } from "../fixtures/simulate.js";

const HOOKS = new URL("../fixtures/core-under-simulation.mjs", import.meta.url).href;
const SCRIPT = fileURLToPath(new URL("../fixtures/simulate.ts", import.meta.url));

export function runSchedules(job: Omit<SchedulesJob, "kind">): Promise<SimulateResult> {
  return run({ kind: "session", ...job });
}

export function runImportsSchedules(job: Omit<SchedulesJob, "kind">): Promise<SimulateImportsResult> {
  return run({ kind: "imports", ...job });
}

export function runStoresSchedules(job: Omit<SchedulesJob, "kind">): Promise<SimulateStoresResult> {
  return run({ kind: "stores", ...job });
}

export function catchMutants(job: MutantsJob): Promise<readonly Caught[]> {
  return run(job);
}

async function run<T>(job: SchedulesJob | MutantsJob): Promise<T> {
  const args = ["--import", HOOKS, SCRIPT, JSON.stringify(job)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as T;
}
