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
  /**
   * Makes deleted data unreadable, as after `forget`: until then it stays in the database's free pages and in its log.
   * Writes the whole database anew, a host's other tables included. That takes about a second for each 100 MB, in which
   * the event loop stands still and other processes can't write, and needs as much free space as the database has. Also
   * deletes the remains of crashed writers. `UNAVAILABLE` if others use the database for longer than the busy timeout or
   * the host's handle is inside a transaction: nothing is lost, call it again. It does not reach backups, snapshots of the
   * file system, and what a disk keeps of blocks that were written over.
   *
   * `rewrittenBytes`: size of the database afterwards. `unfinished`: writes of other open stores that are not done, or were
   * cut short less than ten minutes ago; what they hold is unknown. Call it again later if there are any.
   */
  erase(op?: OpOptions): Promise<{ readonly rewrittenBytes: number; readonly unfinished: number }>;
  /** Later calls reject with `UNAVAILABLE`. A host's handle stays open. */
  close(): Promise<void>;
}
