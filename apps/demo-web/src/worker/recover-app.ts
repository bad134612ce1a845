/** Finishes or undoes what a closed tab left unfinished. Finds it by marks in the metadata; safe beside other tabs. */
import { hasCode } from "@session-archiver/core";
import type { App } from "./app.ts";
import { APP_KEY, isMarked, withKeys } from "./meta.ts";
import { removeFor } from "./remove.ts";

/** No session has been idle for this long, so that the plan lists only interrupted operations. */
const NOT_IDLE_DAYS = 10_000;

/** Reports failures as warnings; the next start tries again. */
export async function recoverApp(app: App): Promise<void> {
  const { archiver, events } = app;
  const guarded = async (id: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      events.changed(id);
    } catch (error) {
      // Another tab is recovering this session, or has done so.
      if (!hasCode(error, "CONFLICT", "NOT_FOUND")) events.warn(error, id);
    }
  };
  for await (const { id, meta } of archiver.list({ from: "metadata" })) {
    const isUnfinished = [APP_KEY.removing, APP_KEY.creating, APP_KEY.writing].some((key) => isMarked(meta, key));
    if (isUnfinished) await guarded(id, () => app.locks.hold(id, () => finish(app, id)));
  }
  for await (const { id, action } of archiver.plan({ inactiveDays: NOT_IDLE_DAYS })) {
    if (action === "settle") await guarded(id, () => archiver.settle(id));
  }
  await archiver.gc().catch((error: unknown) => events.warn(error));
}

/** Called with the writer's lock, so the tab that set the marks is gone. */
async function finish(app: App, id: string): Promise<void> {
  const { meta, rawBytes } = await app.archiver.info(id);
  if (isMarked(meta, APP_KEY.removing)) return removeFor(app, id);
  if (isMarked(meta, APP_KEY.creating)) {
    // Either all bytes were stored or none.
    if (rawBytes === 0) return removeFor(app, id);
    await describeAnew(app, id, rawBytes);
  }
  await app.archiver.settle(id, { recount: true });
  await app.archiver.update(id, (now) => withKeys(now, { [APP_KEY.creating]: null, [APP_KEY.writing]: null }));
}

/** Imports the session's own bytes, which records their facts in the metadata. */
async function describeAnew(app: App, id: string, size: number): Promise<void> {
  await app.archiver.import(id, { size, read: (range) => app.archiver.read(id, { range }) });
}
