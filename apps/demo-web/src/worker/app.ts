/** What every module of the worker works with. */
import type { Archiver, ArchiverEvent } from "@session-archiver/core";
import type { EventHub } from "./events.ts";
import type { WriterLocks } from "./locks.ts";
import type { Store } from "./stores.ts";
import type { Tasks } from "./tasks.ts";

export interface App {
  /** The store as a whole; what is in it, the archiver alone touches. */
  readonly store: Store;
  readonly archiver: Archiver;
  /** Tells `listener` what the archiver does, until the function it gives is called. */
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
