import type { Failing } from "./failure.js";

/** What an operation is about, for its errors, and the signal that stops it. */
export interface Call extends Failing {
  readonly signal?: AbortSignal | undefined;
}
