/** A package with one of its rules weakened: exact pieces of its sources, and their replacements. */

export interface Patch {
  /** Path below the package's `src`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

export interface Mutant {
  readonly name: string;
  /** Default: core. */
  readonly package?: "agent-folders";
  /** The rule, as in `docs/crash-safety.md` or ADR 0039, and what the mutant does instead. */
  readonly weakens: string;
  readonly patches: readonly Patch[];
}

export function coreMutant(name: string, weakens: string, ...patches: readonly Patch[]): Mutant {
  return { name, weakens, patches };
}

export function inFile(file: string, from: string, to: string): Patch {
  return { file, from, to };
}

/** So that a simulated archive has several segments. */
export const SMALL_SEGMENTS: Patch = inFile(
  "format/gzip/frame.ts",
  "export const SEGMENT_BYTES: number = 1024 * 1024;",
  "export const SEGMENT_BYTES: number = 12;",
);

/** So that sweeps delete what commits have given up: in a schedule, minutes never pass. */
export const SHORT_GRACE: Patch = inFile(
  "session/dropped-keys.ts",
  "const GIVEN_UP_GRACE_MS = 10 * 60 * 1000;",
  "const GIVEN_UP_GRACE_MS = 20;",
);
