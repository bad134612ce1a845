/** Runs schedule after schedule, and reports the first that fails. */
import type { Archiver, ArchiverOptions } from "@session-archiver/core";

/** Core as the library under test. */
export type CreateArchiver = (options: ArchiverOptions) => Archiver;

export interface SimulateOptions<Library> {
  /** The first seed. Default 1. */
  readonly seed?: number | undefined;
  /** How many seeds, one after the other. Default 1,000. */
  readonly schedules?: number | undefined;
  /** The library under test. Default: as it is. */
  readonly library?: Library | undefined;
  /** Whether a failing schedule is made smaller, which takes up to some seconds. Default `true`. */
  readonly shrinks?: boolean | undefined;
}

export interface SimulateResult {
  /** Schedules run, the failing one included. */
  readonly schedules: number;
  /** The number of port calls and other steps in all of them. */
  readonly steps: number;
  readonly failure?: Failure;
}

export interface Failure {
  readonly seed: number;
  readonly message: string;
  /** Text for people: the schedule that fails, and the smallest one that still does. */
  readonly details: string;
}

/** Schedules of one kind, each made by its seed. */
export interface Schedules<Library = CreateArchiver> {
  /** The library as it is. */
  readonly library: Library;
  /** Gives the number of steps. Rejects if anything is wrong, and says what. */
  run(seed: number, library: Library): Promise<number>;
  /** Describes the parts of a failing schedule. */
  describe(seed: number): string;
  /** The same for the smallest schedule that still fails; `undefined` if it doesn't fail again. */
  shrink?(seed: number, library: Library): Promise<string | undefined>;
}

/** Stops at the first schedule that fails. */
export async function runSeeds<Library>(
  kind: Schedules<Library>,
  options: SimulateOptions<Library> = {},
): Promise<SimulateResult> {
  const { seed: first = 1, schedules = 1000, library = kind.library, shrinks = true } = options;
  let steps = 0;
  for (let seed = first; seed < first + schedules; seed++) {
    try {
      steps += await kind.run(seed, library);
    } catch (error) {
      const smaller = shrinks ? await kind.shrink?.(seed, library) : undefined;
      const details = smaller ?? kind.describe(seed);
      return { schedules: seed - first + 1, steps, failure: { seed, message: messageOf(error), details } };
    }
  }
  return { schedules, steps };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
