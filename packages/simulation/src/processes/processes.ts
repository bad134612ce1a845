/** Two processes that run schedules side by side, on the sources. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import type { SimulateResult } from "../run-seeds.js";
import type { Caught, MutantsJob, SchedulesJob } from "./job.js";

const HOOKS = new URL("weakened-sources.mjs", import.meta.url).href;
const SCRIPT = fileURLToPath(new URL("job.ts", import.meta.url));

/** Of several failures, gives the one with the lowest seed. */
export async function runSchedules({ kind, seed, schedules }: SchedulesJob): Promise<SimulateResult> {
  const half = Math.ceil(schedules / 2);
  const jobs: SchedulesJob[] = [
    { kind, seed, schedules: half },
    { kind, seed: seed + half, schedules: schedules - half },
  ];
  const [first, second] = (await Promise.all(jobs.map(run<SimulateResult>))) as [SimulateResult, SimulateResult];
  const failure = first.failure ?? second.failure;
  return {
    schedules: first.schedules + second.schedules,
    steps: first.steps + second.steps,
    ...(failure && { failure }),
  };
}

export async function catchMutants({ mutants, ...job }: MutantsJob): Promise<readonly Caught[]> {
  const halves = [0, 1].map((rest) => mutants.filter((_, i) => i % 2 === rest));
  return (await Promise.all(halves.map((half) => run<readonly Caught[]>({ ...job, mutants: half })))).flat();
}

async function run<T>(job: SchedulesJob | MutantsJob): Promise<T> {
  const args = [...FROM_SOURCES, "--import", HOOKS, SCRIPT, JSON.stringify(job)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as T;
}
