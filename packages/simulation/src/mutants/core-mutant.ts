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
