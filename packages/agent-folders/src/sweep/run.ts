/** Carries out a plan. One unit's failure never stops the others. */
import { failureOf, hasCode, type OpOptions, type SessionFailure } from "@session-archiver/core";
import { readCatalogue } from "../catalogue.js";
import { eachOf } from "../each-of.js";
import type { FolderHost } from "../host.js";
import type { Run } from "../originals.js";
import { subagentSessions } from "./adopt.js";
import { finishAll } from "./finish-all.js";
import { joinUnit } from "./join-unit.js";
import type { FolderPlan, FolderStep } from "./plan-types.js";
import { inWords } from "./policy.js";
import type { FinishDone, FolderReport, StepDone } from "./report.js";
import { done, takeStep } from "./step.js";
import { wakeWatch } from "./wakes.js";

/** So that looks at open files and writes of the disk are shared. */
const UNITS_AT_ONCE = 8;
/** Each of these keeps the processors busy by itself, and more of them at once only take more memory. */
const LARGE_AT_ONCE = 2;
const LARGE_BYTES = 2 * 1024 * 1024;

export interface SweepFoldersOptions extends OpOptions {
  /** Why this run is made, in words; by default what the plan's policy says. */
  readonly why?: string | undefined;
  /** Called after each step, and with the failure if there was one. */
  readonly onStep?: ((done: StepDone) => void) | undefined;
  readonly onFinish?: ((done: FinishDone) => void) | undefined;
  /** Called before each step: its number from 0, and the number of steps that do something. */
  readonly onProgress?: ((step: FolderStep, number: number, count: number) => void) | undefined;
}

/** `ABORTED` ends it between units; what is done by then is done, and the next run goes on. */
export async function sweepFolders(
  host: FolderHost,
  plan: FolderPlan,
  options: SweepFoldersOptions = {},
): Promise<FolderReport> {
  const op = { signal: options.signal };
  const run: Run = { id: host.randomId(), at: Math.trunc(host.now()), why: options.why ?? inWords(plan.policy) };
  const failures: SessionFailure[] = [...plan.failures];
  const { finished, moved } = await finishAll(host, plan, failures, op);
  for (const one of finished) options.onFinish?.(one);
  const catalogue = await readCatalogue(host.archiver, op);
  const steps = plan.steps.filter(({ action }) => action !== "leave");
  const wakes = wakeWatch(host, plan, steps, op);
  const numbers = new Map(steps.map((step, number) => [step, number]));
  const work = async (step: FolderStep): Promise<StepDone> => {
    const number = numbers.get(step) ?? 0;
    options.onProgress?.(step, number, steps.length);
    const { leftOut = [] } = plan.places.find(({ place }) => place === step.place) ?? {};
    const subagents = subagentSessions(catalogue, step.place, step.unit);
    const context = { host, run, keeps: plan.policy.keepOriginals, subagents, leftOut, op };
    const result = await settled(step, failures, async () => {
      if (step.action === "join") return joinUnit(context, step);
      if (moved.has(step.sessionId)) return done(step, "left", "its files were aside until now");
      return (await wakes(step, number)) ?? takeStep(context, step);
    });
    options.onStep?.(result);
    return result;
  };
  const isLarge = ({ bytes }: FolderStep): boolean => bytes >= LARGE_BYTES;
  const small = await eachOf(
    UNITS_AT_ONCE,
    steps.filter((step) => !isLarge(step)),
    work,
    op,
  );
  const large = await eachOf(LARGE_AT_ONCE, steps.filter(isLarge), work, op);
  const results = [...small, ...large].sort((a, b) => (numbers.get(a.step) ?? 0) - (numbers.get(b.step) ?? 0));
  return { run, done: results, finished, failures, ...totals(results, finished) };
}

/** A unit's failure is noted, and never stops the others. */
async function settled(step: FolderStep, failures: SessionFailure[], work: () => Promise<StepDone>): Promise<StepDone> {
  try {
    return await work();
  } catch (error) {
    if (hasCode(error, "ABORTED")) throw error;
    const failure = failureOf(step.sessionId, error);
    // The agent was faster: there is nothing wrong.
    const wasChanged = hasCode(error, "CONFLICT");
    if (!wasChanged) failures.push(failure);
    return done(step, wasChanged ? "left" : "failed", failure.message);
  }
}

function totals(
  results: readonly StepDone[],
  finished: readonly FinishDone[],
): Pick<FolderReport, "archiveBytesAdded" | "freedDiskBytes" | "heldDiskBytes"> {
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const stillHeld = finished.filter(({ outcome }) => outcome === "held").map(({ step }) => step.diskBytes);
  return {
    archiveBytesAdded: sum(results.map((result) => result.archiveBytesAdded)),
    freedDiskBytes: sum([...results, ...finished].map((result) => result.freedDiskBytes)),
    heldDiskBytes: sum(results.map((result) => result.heldDiskBytes)) + sum(stillHeld),
  };
}
