/** An open store. */
import type { Codec, OpOptions, Ports } from "@session-archiver/core";

export interface PostgresStore extends Ports, AsyncDisposable {
  /** `zlibCodec()`: what `createArchiver(store)` compresses with. */
  readonly codec: Codec;
  /**
   * Deletes the bytes of writers that have been silent for ten minutes, and what large deletes have left. Opening does some of it. The
   * server's autovacuum makes the room usable again. `streams`: how many were deleted.
   */
  collectOrphans(op?: OpOptions): Promise<{ readonly streams: number }>;
  /** Later calls reject with `UNAVAILABLE`. A host's pool stays open. */
  close(): Promise<void>;
}
