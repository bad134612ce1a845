/** Archives that a prune may drop, as ids and numbers: an object for each of a hundred thousand takes twice as much. */
import type { PruneCandidate, PruneOrder } from "./victims.js";

export interface Candidate extends PruneCandidate {
  /** Whether the session's last activity is known. */
  readonly isTimed: boolean;
  /** If it is yet to be made, or added to: about how many bytes that adds. */
  readonly estimatedArchiveBytes?: number;
}

export interface CandidateList {
  readonly length: number;
  /** How many of them may be dropped. */
  readonly open: number;
  readonly totalBytes: number;
  /** When the youngest was last active, unix ms; 0 if there is none. */
  readonly newestMs: number;
  add(candidate: Candidate): void;
  /** Leaves out all but this many of the oldest, by activity. */
  keepOldest(most: number): void;
  oldestFirst(by?: PruneOrder): Generator<Candidate>;
}

/** Numbers of each: the two times, the bytes, those to come or NaN, whether it is protected, whether it is timed. */
const WIDTH = 6;

export function candidateList(): CandidateList {
  let ids: string[] = [];
  let numbers: number[] = [];
  const numberAt = (row: number, column: number): number => numbers[row * WIDTH + column] ?? 0;
  const inOrder = (by: PruneOrder): Uint32Array => {
    const timeOf = (row: number): number => numberAt(row, by === "archived" ? 1 : 0);
    const compare = (a: number, b: number): number =>
      timeOf(a) - timeOf(b) || ((ids[a] ?? "") < (ids[b] ?? "") ? -1 : 1);
    return Uint32Array.from(ids.keys()).sort(compare);
  };
  return {
    get length() {
      return ids.length;
    },
    get open() {
      return ids.reduce((count, _, row) => count + 1 - numberAt(row, 4), 0);
    },
    get totalBytes() {
      return ids.reduce((sum, _, row) => sum + numberAt(row, 2), 0);
    },
    get newestMs() {
      return ids.reduce((newest, _, row) => Math.max(newest, numberAt(row, 0)), 0);
    },
    add({ id, lastActivityMs, archivedAt, archiveBytes, estimatedArchiveBytes = Number.NaN, ...is }) {
      ids.push(id);
      numbers.push(lastActivityMs, archivedAt, archiveBytes, estimatedArchiveBytes);
      numbers.push(Number(is.protected), Number(is.isTimed));
    },
    keepOldest(most) {
      if (ids.length <= most) return;
      const kept = [...inOrder("activity").subarray(0, most)];
      numbers = kept.flatMap((row) => numbers.slice(row * WIDTH, (row + 1) * WIDTH));
      ids = kept.map((row) => ids[row] ?? "");
    },
    *oldestFirst(by = "activity") {
      for (const row of inOrder(by)) {
        const [lastActivityMs = 0, archivedAt = 0, archiveBytes = 0, estimated, isProtected, isTimed] = numbers.slice(
          row * WIDTH,
          (row + 1) * WIDTH,
        );
        yield {
          id: ids[row] ?? "",
          ...{ lastActivityMs, archivedAt, archiveBytes, protected: isProtected === 1, isTimed: isTimed === 1 },
          ...(estimated === undefined || Number.isNaN(estimated) ? {} : { estimatedArchiveBytes: estimated }),
        };
      }
    },
  };
}
