/** Finishes what a tab that was closed half-way has left. Goes by the marks in the metadata; safe beside other tabs. */
import { hasCode, KEY, lineCounter, OUTPUT, type StoredObject, withCount } from "@session-archiver/core";
import { type App, updateMeta } from "./app.ts";
import { APP_KEY, baseName, isMarked, positiveAt, withKeys } from "./meta.ts";
import { removeFor } from "./remove.ts";
import { scanTranscript } from "./scan.ts";
import { noteContents } from "./take-in.ts";

/** What fails is warned of, and found again the next time. */
export async function tidy(app: App): Promise<void> {
  for await (const object of app.stores.objects.list()) {
    await tidyOne(app, object).catch((error: unknown) => {
      // Another tab is at it, or has done it: then it is not for us.
      if (!hasCode(error, "CONFLICT", "NOT_FOUND")) app.events.warn(error, object.id);
    });
  }
  await app.archiver.gc().catch((error: unknown) => app.events.warn(error));
}

async function tidyOne(app: App, { id, meta }: StoredObject): Promise<void> {
  const marks = [APP_KEY.removing, APP_KEY.making, APP_KEY.writing].filter((key) => isMarked(meta, key));
  if (marks.length > 0) await app.locks.hold(id, () => finish(app, id));
  if (positiveAt(meta, KEY.settlingAt) === undefined) return;
  await app.archiver.settle(id);
  app.events.changed(id);
}

/** With the writer's lock held: the marks are nobody's any more. */
async function finish(app: App, id: string): Promise<void> {
  const object = await app.stores.objects.get(id);
  if (!object) return;
  if (isMarked(object.meta, APP_KEY.removing)) return removeFor(app, id);
  if (isMarked(object.meta, APP_KEY.making)) await finishMaking(app, id);
  else if (isMarked(object.meta, APP_KEY.writing)) await recount(app, id);
  app.events.changed(id);
}

/** The bytes are there in whole or not at all. */
async function finishMaking(app: App, id: string): Promise<void> {
  if (!(await app.stores.blobs.stat({ id, name: OUTPUT }))) return removeFor(app, id);
  const scan = scanTranscript(app.now());
  for await (const chunk of app.archiver.read(id)) scan.add(chunk);
  scan.end();
  await noteContents(app, id, scan, { title: baseName(id), lastActivityMs: app.now() });
}

/** Notes what was written after the last count. */
async function recount(app: App, id: string): Promise<void> {
  const lines = lineCounter();
  let bytes = 0;
  try {
    for await (const chunk of app.archiver.read(id)) {
      lines.add(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    if (!hasCode(error, "PRUNED")) throw error;
    await updateMeta(app, id, (meta) => withKeys(meta, { [APP_KEY.writing]: null }));
    return;
  }
  const { newlines, openLine } = lines;
  const count = { bytes, lines: lines.lines, newlines, openLine };
  await updateMeta(app, id, (meta) => withCount(withKeys(meta, { [APP_KEY.writing]: null }), count));
}
