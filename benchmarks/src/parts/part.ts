/** What `npm run bench` is made of. */
import type { DataSet } from "../data/data-set.js";
import type { PartReport } from "../report/series.js";

/** What a part works with. */
export interface Bench {
  readonly data: DataSet;
  /** How often each contender has its turn. */
  readonly rounds: number;
  /** An empty folder of the part's own on the disk to be measured; deleted after it. */
  readonly scratch: string;
}

export interface Part {
  readonly name: string;
  /** One line for `--help`. */
  readonly about: string;
  /** Run only if named: slow, or of interest to few. */
  readonly optIn?: boolean;
  /** Does not depend on the size of the data. */
  readonly unsized?: boolean;
  run(bench: Bench): Promise<PartReport>;
}
