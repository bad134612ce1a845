/** Bounds that several parts share. */
import type { Claim } from "../report/series.js";

/** 200 MB. */
export const MOST_MEMORY_MIB = 190;

export function littleMemory(...names: readonly string[]): readonly Claim[] {
  return names.map((of) => ({ kind: "peak MiB", of, atMost: MOST_MEMORY_MIB }));
}
