/** Core with one of its rules weakened: exact pieces of its sources, and what stands there instead. */

export interface Patch {
  /** Below `packages/core/src`. */
  readonly file: string;
  /** Is there exactly once. */
  readonly from: string;
  readonly to: string;
}

export interface CoreMutant {
  readonly name: string;
  /** The rule, as `docs/crash-safety.md` and DESIGN's rules have it, and what is done instead. */
  readonly weakens: string;
  readonly patches: readonly Patch[];
}

export function coreMutant(name: string, weakens: string, ...patches: readonly Patch[]): CoreMutant {
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
