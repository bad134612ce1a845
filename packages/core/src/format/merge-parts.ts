/**
 * Decides which parts a new tail leaves as they are. Pure. See ADR 0046.
 *
 * Small last parts are made anew together with the tail. Then, whenever four of about the same size have come together,
 * they become one: so a file has few parts, and all that is ever written of it is a few times its size.
 */

/** A session of fewer raw bytes is not worth more than one file. */
export const SMALL_PART_BYTES: number = 64 * 1024;
/** A part of less than this share of it is not worth a file of its own: deflated, it would hardly fill a block of a disk. */
const SMALL_SHARE = 1 / 4;
const TOGETHER = 4;

/**
 * How many of the first parts stay. `sizes`: raw bytes of each, in order; `added`: those of the tail. The others are
 * merged with the tail.
 */
export function keptParts(sizes: readonly number[], added: number, smallBytes: number = SMALL_PART_BYTES): number {
  if (sizes.reduce((sum, size) => sum + size, added) < smallBytes) return 0;
  let kept = sizes.length;
  let size = added;
  const merge = (from: number): void => {
    while (kept > from) size += sizes[--kept] as number;
  };
  while (kept > 0 && (sizes[kept - 1] as number) < smallBytes * SMALL_SHARE) merge(kept - 1);
  for (;;) {
    let from = kept;
    while (from > 0 && (sizes[from - 1] as number) < TOGETHER * size) from--;
    if (kept - from < TOGETHER - 1) return kept;
    merge(from);
  }
}
