/** What a verification of several sessions takes and reports. */
import type { SessionFailure } from "../report.js";
import type { VerifyOptions } from "./verify.js";

/** A number of sessions, or a share of them: `"5%"`. */
export type Sample = number | `${number}%`;

export interface VerifyAllOptions extends VerifyOptions {
  /**
   * Verifies only this number or share of the sessions that have archives, picked at random: a whole number from 1 on,
   * or a share above `"0%"`, up to `"100%"`, which is rounded up. Not together with ids or `resume`.
   */
  readonly sample?: Sample | undefined;
  /**
   * Goes on with the pass over the whole store that was begun last, or begins one. Sessions that were found whole in
   * this pass are skipped, so it may be stopped at any moment. A call that gets to the end closes the pass, even if
   * some sessions are bad. Needs `note: true`, and a store that keeps metadata of its own.
   */
  readonly resume?: boolean | undefined;
  /** For `sample`: a number from 0 to just below 1, each time another; `Math.random` by default. */
  readonly random?: (() => number) | undefined;
  /**
   * Gets each session when all before it have been verified; it may be under way by then, as many are verified at once.
   * Errors that it throws are dropped.
   */
  readonly onSession?: ((step: VerifyStep) => void) | undefined;
}

export interface VerifyStep {
  /** Session id. */
  readonly id: string;
  /** How many sessions this call has verified before. */
  readonly done: number;
  /** How many it is to verify, as far as it was known at the start; 0 if ids were given. */
  readonly toDo: number;
}

export interface VerifyReport {
  /** Sessions that were verified by this call, whole or bad. */
  checked: number;
  readonly bad: SessionFailure[];
  /** Sessions that `resume` skipped because they were found whole in this pass already, or that no sample picked. */
  skipped: number;
  /** Sessions in the store; with `sample`, those that have archives. `null` if ids were given. */
  total: number | null;
  /** Whether every session of the store was verified by this call, or was found whole earlier in its pass. */
  complete: boolean;
  /**
   * Every archive of the store, but those of bad sessions, was known to be whole at this time (unix ms) or later.
   * `null`: it is not known of all of them, there is none, or ids were given.
   */
  knownWholeAt: number | null;
}
