/** What a transaction is about. */
import type { ErrorContext } from "@session-archiver/core/adapter";

/** For the errors of a transaction, and for stopping it. A call of a port, as the kit describes it, is one of these. */
export interface Call extends ErrorContext {
  readonly signal?: AbortSignal | undefined;
  /** Bytes to be stored. Reads leave it out. */
  readonly bytes?: number | undefined;
}
