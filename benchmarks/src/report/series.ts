/** The shape of results: what was measured in rounds, and what is claimed of it. All raw figures are kept. */

export interface Series {
  readonly name: string;
  /** `s`: seconds a round took. `bytes`: what one round stored. */
  readonly unit: "s" | "bytes";
  /** One a round, in order. The series of a part alternate: equal indices belong to the same round. Empty: see `note`. */
  readonly samples: readonly number[];
  /** What a round gets through: shown, and compared, per second. Without it seconds are compared, and shown as ms. */
  readonly work?: Work | undefined;
  /** Peak memory of each round's process, MiB; empty where it can't be measured. */
  readonly peaksMiB: readonly number[];
  /** Why there are no samples (`NOT_INSTALLED`), or what a reader has to know. */
  readonly note?: string | undefined;
}

export interface Work {
  readonly amount: number;
  /** `MB` (10^6 bytes), `sessions`, `appends`. */
  readonly unit: string;
}

export const NOT_INSTALLED = "not installed";

/** What should be true of the series named `of`; `than` names the series it is held against. */
export type Claim =
  /** Work per second, as a multiple of `than`'s. */
  | { readonly kind: "speed"; readonly of: string; readonly than: string; readonly atLeast: number }
  /** Bytes, as a multiple of `than`'s. */
  | { readonly kind: "size"; readonly of: string; readonly than: string; readonly atMost: number }
  | { readonly kind: "ms"; readonly of: string; readonly atMost: number }
  /** Work per second. */
  | { readonly kind: "rate"; readonly of: string; readonly atLeast: number }
  /** The highest of all rounds. */
  | { readonly kind: "peak MiB"; readonly of: string; readonly atMost: number };

export interface PartReport {
  /** Name of the part, as given on the command line; also names the file of its results. */
  readonly part: string;
  readonly title: string;
  readonly series: readonly Series[];
  readonly claims: readonly Claim[];
  /** Whatever else belongs to the result: sizes, settings, what a figure means. */
  readonly facts?: Readonly<Record<string, string | number>> | undefined;
}
