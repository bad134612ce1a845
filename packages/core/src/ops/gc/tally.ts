/** Counts archive objects, however many, and names the first of them. */
import type { ArchiveInfo } from "../../ports.js";

/** Keys that a tally names. */
const MOST_NAMED = 1000;

export interface Tally {
  add(info: ArchiveInfo): void;
  /** `bytes`: stored ones; `keys`: the first 1,000. */
  sum(): { readonly count: number; readonly bytes: number; readonly keys: readonly string[] };
}

export function tally(): Tally {
  const keys: string[] = [];
  let count = 0;
  let bytes = 0;
  return {
    add(info) {
      count++;
      bytes += info.size;
      if (keys.length < MOST_NAMED) keys.push(info.key);
    },
    sum: () => ({ count, bytes, keys: [...keys] }),
  };
}
