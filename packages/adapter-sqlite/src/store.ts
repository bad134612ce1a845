/** What an opened store is. */
import type { Codec, OpOptions, Ports } from "@session-archiver/core";

export interface SqliteStore extends Ports, AsyncDisposable {
  /** `zlibCodec()`: what `createArchiver(store)` compresses with. */
  readonly codec: Codec;
  /**
   * Gives the space of what was deleted back to the file system, in steps of some 10 ms between which other calls run;
   * also deletes what crashed writers left. Deleting alone only makes space for new data. `freedBytes`: how much the
   * database shrank; always 0 for a database that wasn't created with `auto_vacuum = INCREMENTAL`.
   */
  reclaim(op?: OpOptions): Promise<{ readonly freedBytes: number }>;
  /** Calls from now on reject with `UNAVAILABLE`. A host's handle stays open. */
  close(): Promise<void>;
}
