import type { Failing } from "./failure.js";

/** The session and key of an operation, for its errors, and the signal that stops it. A `Call` of the ports is one. */
export interface Call extends Failing {
  readonly signal?: AbortSignal | undefined;
}
