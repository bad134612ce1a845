/**
 * A process of the simulation. Its argument is a job, as JSON; it prints the outcome as JSON.
 * Run with `--import weakened-sources.mjs`.
 */
import type { ClaimRule } from "@session-archiver/agent-folders";
import { foreignSchedules } from "../foreign/simulate.js";
import { importsSchedules } from "../imports/simulate.js";
import { type CreateArchiver, runSeeds, type Schedules } from "../run-seeds.js";
import { sessionSchedules } from "../session/simulate.js";
import { storesSchedules } from "../stores/simulate.js";

/** Schedules of one kind, and the mutants of their library. */
interface Tested<Library> {
  readonly schedules: Schedules<Library>;
  weaken(mutant: string): Promise<Library>;
}

interface Weakened {
  (of: "core", mutant: string): Promise<{ readonly createArchiver: CreateArchiver }>;
  (of: "agent-folders", mutant: string): Promise<{ readonly claimRule: ClaimRule }>;
}

declare const weakened: Weakened;

const onCore = (schedules: Schedules): Tested<CreateArchiver> => ({
  schedules,
  weaken: async (mutant) => (await weakened("core", mutant)).createArchiver,
});
const onClaims: Tested<ClaimRule> = {
  schedules: foreignSchedules,
  weaken: async (mutant) => (await weakened("agent-folders", mutant)).claimRule,
};

/** The kinds of schedules: of one session, of an imported session, of stores, of files that other programs write. */
export type Kind = "session" | "imports" | "stores" | "foreign";

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

// Most errors are expected answers, and their stacks are never read.
Error.stackTraceLimit = 0;

async function caught<Library>(
  { schedules, weaken }: Tested<Library>,
  name: string,
  seed: number,
  most: number,
): Promise<Caught> {
  const library = await weaken(name);
  const again = await runSeeds(schedules, { library, seed, schedules: 1, shrinks: false });
  const { failure } = again.failure ? again : await runSeeds(schedules, { library, schedules: most, shrinks: false });
  // A schedule that fails without the mutant proves nothing.
  const sound = failure && (await runSeeds(schedules, { seed: failure.seed, schedules: 1, shrinks: false }));
  if (sound?.failure) throw new Error(`Unchanged sources fail seed ${sound.failure.seed}: ${sound.failure.message}`);
  return { name, schedules: failure?.seed ?? null, message: failure?.message ?? "" };
}

async function run<Library>(tested: Tested<Library>, job: SchedulesJob | MutantsJob): Promise<unknown> {
  if (!("mutants" in job)) return runSeeds(tested.schedules, job);
  const found: Caught[] = [];
  for (const { name, seed } of job.mutants) found.push(await caught(tested, name, seed, job.most));
  return found;
}

function outcomeOf(job: SchedulesJob | MutantsJob): Promise<unknown> {
  if (job.kind === "foreign") return run(onClaims, job);
  return run(onCore({ session: sessionSchedules, imports: importsSchedules, stores: storesSchedules }[job.kind]), job);
}

const outcome = await outcomeOf(JSON.parse(process.argv[2] ?? "{}"));
process.stdout.write(JSON.stringify(outcome), () => process.exit(0));
