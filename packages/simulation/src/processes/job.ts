/**
 * A process of the simulation. Its argument is a job, as JSON; it prints the outcome as JSON.
 * Run with `--import core-sources.mjs`.
 */
import { importsSchedules } from "../imports/simulate.js";
import { type CreateArchiver, runSeeds, type Schedules } from "../run-seeds.js";
import { sessionSchedules } from "../session/simulate.js";
import { storesSchedules } from "../stores/simulate.js";

const KINDS = { session: sessionSchedules, imports: importsSchedules, stores: storesSchedules } as const;

/** The kinds of schedules: of one session, of an imported session, or of stores. */
export type Kind = keyof typeof KINDS;

export interface SchedulesJob {
  readonly kind: Kind;
  readonly seed: number;
  readonly schedules: number;
}

export interface MutantsJob {
  readonly kind: Kind;
  /** Names of mutants, each with a seed that is tried first. If it finds the mutant again, no others are needed. */
  readonly mutants: readonly { readonly name: string; readonly seed: number }[];
  /** Schedules after which a mutant counts as not caught. */
  readonly most: number;
}

export interface Caught {
  readonly name: string;
  /** Schedules from seed 1 on, the failing one included; `null` if none failed. */
  readonly schedules: number | null;
  readonly message: string;
}

declare const coreMutant: (name: string) => Promise<{ readonly createArchiver: CreateArchiver }>;

// Most errors are expected answers, and their stacks are never read.
Error.stackTraceLimit = 0;

async function caught(kind: Schedules, name: string, seed: number, most: number): Promise<Caught> {
  const { createArchiver } = await coreMutant(name);
  const again = await runSeeds(kind, { createArchiver, seed, schedules: 1, shrinks: false });
  const { failure } = again.failure ? again : await runSeeds(kind, { createArchiver, schedules: most, shrinks: false });
  // A schedule that core itself fails proves nothing.
  const sound = failure && (await runSeeds(kind, { seed: failure.seed, schedules: 1, shrinks: false }));
  if (sound?.failure) throw new Error(`Core as it is fails seed ${sound.failure.seed}: ${sound.failure.message}`);
  return { name, schedules: failure?.seed ?? null, message: failure?.message ?? "" };
}

async function outcomeOf(job: SchedulesJob | MutantsJob): Promise<unknown> {
  const kind = KINDS[job.kind];
  if (!("mutants" in job)) return runSeeds(kind, job);
  const found: Caught[] = [];
  for (const { name, seed } of job.mutants) found.push(await caught(kind, name, seed, job.most));
  return found;
}

const outcome = await outcomeOf(JSON.parse(process.argv[2] ?? "{}"));
process.stdout.write(JSON.stringify(outcome), () => process.exit(0));
