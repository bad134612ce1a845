/** What every module of the worker needs. */
import type { Archiver, ArchiverEvent } from "@session-archiver/core";
import type { EventHub } from "./events.ts";
import type { WriterLocks } from "./locks.ts";
import type { Store } from "./stores.ts";
import type { Tasks } from "./tasks.ts";

export interface App {
  /** The database as a whole. Only the archiver touches its contents. */
  readonly store: Store;
  readonly archiver: Archiver;
  /** Passes the archiver's events to `listener`, until the returned function is called. */
  listen(listener: (event: ArchiverEvent) => void): () => void;
  readonly events: EventHub;
  readonly tasks: Tasks;
  readonly locks: WriterLocks;
  /** Unix ms. */
  now(): number;
}

export function randomId(): string {
  return crypto.randomUUID().slice(0, 8);
}
