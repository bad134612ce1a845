/** The shape of the parts of `npm run bench`. */
import type { DataSet } from "../data/data-set.js";
import type { PartReport } from "../report/series.js";

/** The input of a part. */
export interface Bench {
  readonly data: DataSet;
  /** The number of turns of each contender. */
  readonly rounds: number;
  /** Numbers of sessions, ascending, between which growth is measured. */
  readonly sessions: readonly number[];
  /** The part's own empty folder on the measured disk; deleted afterwards. */
  readonly scratch: string;
}

export interface Part {
  readonly name: string;
  /** One line for `--help`. */
  readonly about: string;
  /** Whether it runs only if named, because it is slow or rarely needed. */
  readonly optIn?: boolean;
  /** Whether its result is independent of the size of the data. */
  readonly unsized?: boolean;
  run(bench: Bench): Promise<PartReport>;
}
