/** Counts any number of archive objects, and lists the first keys. */
import type { ArchiveInfo } from "../../ports.js";

/** Most keys to list. */
const MOST_NAMED = 1000;

export interface Tally {
  add(info: ArchiveInfo): void;
  /** `bytes`: size in the sink; `keys`: the first 1,000. */
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
