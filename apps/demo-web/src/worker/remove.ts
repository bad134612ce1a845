/**
 * Deletes a session for good. The mark comes first: from then on no list shows the session and no sweep touches it, and
 * whatever stops the deletion, `tidy` finishes it. The archives go last: without the object, `collect` would find them.
 */
import { hasCode, KEY, sessionIdOf } from "@session-archiver/core";
import { type App, updateMeta } from "./app.ts";
import { APP_KEY, withKeys } from "./meta.ts";
import { deleteBlobs } from "./take-in.ts";

/** `NOT_FOUND`; `CONFLICT` while somebody writes to the session. */
export async function remove(app: App, id: string): Promise<void> {
  await app.locks.hold(id, () => removeFor(app, id));
}

/** The same for whoever holds the writer's lock. */
export async function removeFor(app: App, id: string): Promise<void> {
  await mark(app, id);
  app.events.changed(id);
  await deleteBlobs(app, id);
  await deleteObject(app, id);
  for await (const { key } of app.stores.archives.list(`${id}.`)) {
    if (sessionIdOf(key) === id) await app.stores.archives.delete(key);
  }
}

async function mark(app: App, id: string): Promise<void> {
  try {
    await updateMeta(app, id, (meta) => withKeys(meta, { [APP_KEY.removing]: true, [KEY.view]: null }));
  } catch (error) {
    // A full store has no space even for this, and deleting is how it gets some.
    if (!hasCode(error, "QUOTA")) throw error;
  }
}

/** Whatever else has changed in it meanwhile. */
async function deleteObject(app: App, id: string): Promise<void> {
  for (;;) {
    const object = await app.stores.objects.get(id);
    if (!object) return;
    try {
      await app.stores.objects.delete(id, object.version);
      return;
    } catch (error) {
      if (!hasCode(error, "CONFLICT")) throw error;
    }
  }
}
