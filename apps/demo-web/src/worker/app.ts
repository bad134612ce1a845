/** What every module of the worker works with. */
import {
  type Archiver,
  ArchiverError,
  type ArchiverEvent,
  hasCode,
  type Meta,
  type StoredObject,
} from "@session-archiver/core";
import type { EventHub } from "./events.ts";
import type { WriterLocks } from "./locks.ts";
import type { Stores } from "./stores.ts";
import type { Tasks } from "./tasks.ts";

export interface App {
  readonly stores: Stores;
  readonly archiver: Archiver;
  /** An archiver that also tells `onEvent` what it does: for one operation, to show its progress. */
  archiverWith(onEvent: (event: ArchiverEvent) => void): Archiver;
  readonly events: EventHub;
  readonly tasks: Tasks;
  readonly locks: WriterLocks;
  /** Unix ms. */
  now(): number;
}

const MAX_TRIES = 20;

/** `NOT_FOUND` for an unknown session. */
export async function objectOf(app: App, id: string): Promise<StoredObject> {
  const object = await app.stores.objects.get(id);
  if (object) return object;
  throw new ArchiverError("NOT_FOUND", `There is no session "${id}". It may have been deleted in another tab.`, { id });
}

/** Changes the metadata by compare-and-swap until it takes; `change` gives back the same metadata to leave it alone. */
export async function updateMeta(app: App, id: string, change: (meta: Meta) => Meta): Promise<Meta> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const object = await objectOf(app, id);
    const meta = change(object.meta);
    if (meta === object.meta) return meta;
    try {
      await app.stores.objects.put(id, meta, object.version);
      return meta;
    } catch (error) {
      if (!hasCode(error, "CONFLICT")) throw error;
    }
  }
  throw new ArchiverError("CONFLICT", `Session "${id}" keeps changing. Try again when it is quiet.`, { id });
}

export function randomId(): string {
  return crypto.randomUUID().slice(0, 8);
}
