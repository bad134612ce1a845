/**
 * Makes a session of bytes: the object first, marked as in the making, then the bytes, then what they are. A crash on
 * the way leaves a marked session, which `tidy` removes or finishes.
 */
import { type Bytes, hasCode, KEY, type Meta, OUTPUT, withCount } from "@session-archiver/core";
import type { App } from "./app.ts";
import { randomId, updateMeta } from "./app.ts";
import { APP_KEY, textAt, withKeys } from "./meta.ts";
import type { TranscriptScan } from "./scan.ts";

export interface NewSession {
  readonly id: string;
  readonly meta: Meta;
  /** Seen by `scan` on its way in. */
  readonly bytes: Bytes;
  readonly scan: TranscriptScan;
  /** Title where the transcript gives none, last activity where it has no timestamps. */
  readonly fallback: Fallback;
}

export interface Fallback {
  readonly title: string;
  readonly lastActivityMs: number;
}

/**
 * To be called with the writer's lock held, or `tidy` takes the session for a leftover. `CONFLICT` if the id is taken.
 * Whatever else stops it, nothing is kept.
 */
export async function takeIn(app: App, session: NewSession, signal: AbortSignal): Promise<void> {
  const { id, meta, bytes, scan, fallback } = session;
  const { objects, blobs } = app.stores;
  const born = { [KEY.view]: "agent", ...meta, [APP_KEY.born]: randomId(), [APP_KEY.making]: true };
  const version = await objects.put(id, born, null, { signal });
  try {
    // Blobs without an object are no session's: what a deletion that was cut short has left is not to come back.
    await deleteBlobs(app, id);
    await blobs.create({ id, name: OUTPUT }, `live-${crypto.randomUUID()}`, seen(bytes, scan), { signal });
  } catch (error) {
    await discard(app, id, version);
    throw error;
  }
  await noteContents(app, id, scan, fallback);
}

/** Notes what the session holds, all of which `scan` has seen. */
export async function noteContents(app: App, id: string, scan: TranscriptScan, fallback: Fallback): Promise<void> {
  await updateMeta(app, id, (meta) => {
    const { oldest, newest, kind, title } = scan;
    return withKeys(withCount(meta, scan), {
      [APP_KEY.title]: textAt(meta, APP_KEY.title) ?? title ?? fallback.title,
      [APP_KEY.kind]: textAt(meta, APP_KEY.kind) ?? kind,
      [APP_KEY.making]: null,
      [APP_KEY.writing]: null,
      [KEY.startedAt]: oldest ?? meta[KEY.startedAt],
      [KEY.lastActivity]: Math.trunc(newest ?? fallback.lastActivityMs),
    });
  });
  app.events.changed(id);
}

/** Deletes what an attempt has left: first the blob, which may be there after all if the store's answer was unclear. */
async function discard(app: App, id: string, version: string): Promise<void> {
  try {
    await deleteBlobs(app, id);
    await app.stores.objects.delete(id, version);
  } catch (error) {
    app.events.warn(error, id); // marked as it is, the next start finds it
  }
}

/** Deletes every blob of an id that nobody writes to. */
export async function deleteBlobs(app: App, id: string): Promise<void> {
  for await (const blob of app.stores.blobs.list(id)) {
    await app.stores.blobs.delete(blob).catch((error: unknown) => {
      if (!hasCode(error, "NOT_FOUND")) throw error;
    });
  }
}

async function* seen(bytes: Bytes, scan: TranscriptScan): Bytes {
  for await (const chunk of bytes) {
    scan.add(chunk);
    yield chunk;
  }
  scan.end();
}
