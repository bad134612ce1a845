/**
 * Archiving in a store that has no space. An archive needs some before the session's live bytes are freed, so the order counts: the
 * largest that fits frees most, and what it frees is room for the next.
 */
import { hasCode } from "../../errors.js";
import { UNDER_WAY } from "../concurrency.js";

/** A session that is to be archived once there is space. Sizes in bytes. */
export interface Waiting {
  readonly id: string;
  readonly liveBytes: number;
  /** What its archive takes, by an estimate that each refusal doubles. */
  readonly need: number;
}

/** After a refusal, only what needs this part of it is tried: the estimates are rough, and each try costs as much as an archive. */
const NEXT = 1 / 4;
/** In a row: then the smallest is tried, and if it is refused, too, nothing fits. */
const MOST_REFUSALS = 3;
/** Once so much was freed, many may be under way again. */
const ENOUGH = UNDER_WAY.weight;

/**
 * Archives one session at a time, and takes it out of `waiting`. `archive` resolves to the bytes that it has freed altogether; the
 * store's refusal is its `QUOTA`, which `refused` gets. Resolves to `false` if no more fits.
 */
export async function archiveInLittleSpace(
  waiting: Waiting[],
  archive: (id: string) => Promise<number>,
  refused: (id: string, error: unknown) => void,
): Promise<boolean> {
  waiting.sort((a, b) => a.need - b.need);
  let limit = Number.POSITIVE_INFINITY;
  let freed = 0;
  let refusals = 0;
  while (freed < ENOUGH) {
    const at = Math.max(0, placeBehind(waiting, limit) - 1);
    const [one] = waiting.splice(at, 1);
    if (!one) break;
    try {
      const bytes = await archive(one.id);
      limit += bytes;
      freed += bytes;
      refusals = 0;
    } catch (error) {
      const later = { ...one, need: one.need * 2 };
      waiting.splice(placeBehind(waiting, later.need), 0, later);
      if (!hasCode(error, "QUOTA")) throw error;
      refused(one.id, error);
      if (at === 0) return false;
      limit = ++refusals < MOST_REFUSALS ? one.need * NEXT : 0;
      freed = 0;
    }
  }
  return true;
}

/** Behind those that need no more than this. */
function placeBehind(waiting: readonly Waiting[], need: number): number {
  let from = 0;
  let to = waiting.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((waiting[middle] as Waiting).need <= need) from = middle + 1;
    else to = middle;
  }
  return from;
}
