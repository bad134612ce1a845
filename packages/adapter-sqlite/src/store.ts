/** An open store. */
import type { Codec, OpOptions, Ports } from "@session-archiver/core";

export interface SqliteStore extends Ports, AsyncDisposable {
  /** `zlibCodec()`: what `createArchiver(store)` compresses with. */
  readonly codec: Codec;
  /**
   * Gives the space of deleted data back to the file system, in steps of about 10 ms. Other calls run between them. Also
   * deletes the remains of crashed writers. Without it, deleted data only makes space for new data. `freedBytes`: how much the
   * database shrank; always 0 for a database that wasn't created with `auto_vacuum = INCREMENTAL`.
   */
  reclaim(op?: OpOptions): Promise<{ readonly freedBytes: number }>;
  /** Later calls reject with `UNAVAILABLE`. A host's handle stays open. */
  close(): Promise<void>;
}
