/** Deletes a session for good. Whatever stops the deletion half-way, the session counts as gone, and a gc finishes it. */
import type { App } from "./app.ts";

/** `NOT_FOUND`; `CONFLICT` while somebody writes to the session. */
export async function remove(app: App, id: string): Promise<void> {
  await app.locks.hold(id, () => removeFor(app, id));
}

/** The same for whoever holds the writer's lock. */
export async function removeFor(app: App, id: string): Promise<void> {
  await app.archiver.remove(id);
  app.events.changed(id);
}
