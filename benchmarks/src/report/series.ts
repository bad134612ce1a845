/** The shape of results: measurements in rounds, and claims about them. They keep all raw figures. */

export interface Series {
  readonly name: string;
  /** `s`: the seconds of a round. `bytes`: the bytes that a round stored. */
  readonly unit: "s" | "bytes";
  /** One for each round, in order. A part's series alternate, so equal indices belong to one round. If empty, see `note`. */
  readonly samples: readonly number[];
  /** The work of a round, shown and compared per second. Without it, times are compared and shown as ms. */
  readonly work?: Work | undefined;
  /** The peak memory of each round's process, MiB; empty if it can't be measured. */
  readonly peaksMiB: readonly number[];
  /** Why there are no samples (`NOT_INSTALLED`), or a remark for the reader. */
  readonly note?: string | undefined;
}

export interface Work {
  readonly amount: number;
  /** `MB` (10^6 bytes), `sessions`, `appends`. */
  readonly unit: string;
}

export const NOT_INSTALLED = "not installed";

/** A claim about the series named `of`; `than` names the series it is compared with. */
export type Claim =
  /** Work per second, as a multiple of `than`'s. */
  | { readonly kind: "speed"; readonly of: string; readonly than: string; readonly atLeast: number }
  /** Bytes, as a multiple of `than`'s. */
  | { readonly kind: "size"; readonly of: string; readonly than: string; readonly atMost: number }
  | { readonly kind: "ms"; readonly of: string; readonly atMost: number }
  /** Work per second. */
  | { readonly kind: "rate"; readonly of: string; readonly atLeast: number }
  /** The highest value of all rounds. */
  | { readonly kind: "peak MiB"; readonly of: string; readonly atMost: number };

export interface ReportTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface PartReport {
  /** The part's name on the command line and in the name of its results file. */
  readonly part: string;
  readonly title: string;
  readonly series: readonly Series[];
  readonly claims: readonly Claim[];
  /** Tables of their own, for what is not measured in rounds. */
  readonly tables?: readonly ReportTable[] | undefined;
  /** Other facts about the result: sizes, settings, the meaning of figures. */
  readonly facts?: Readonly<Record<string, string | number>> | undefined;
}
