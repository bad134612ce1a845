/** Deletes a session for good. If the deletion is interrupted, the session counts as deleted, and a gc deletes the rest. */
import type { App } from "./app.ts";

/** `NOT_FOUND`; `CONFLICT` while the session has a writer. */
export async function remove(app: App, id: string): Promise<void> {
  await app.locks.hold(id, () => removeFor(app, id));
}

/** The same for a caller that has the writer's lock. */
export async function removeFor(app: App, id: string): Promise<void> {
  await app.archiver.remove(id);
  app.events.changed(id);
}
