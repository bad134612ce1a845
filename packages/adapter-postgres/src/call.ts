import type { ErrorContext } from "@session-archiver/core/adapter";

/** The session and key of an operation, for its errors, and the signal that stops it. A `Call` of the ports is one. */
export interface Call extends ErrorContext {
  readonly signal?: AbortSignal | undefined;
}
