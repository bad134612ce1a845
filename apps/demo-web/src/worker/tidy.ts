/** Finishes what a tab that was closed half-way has left. Goes by the marks in the metadata; safe beside other tabs. */
import { hasCode } from "@session-archiver/core";
import type { App } from "./app.ts";
import { APP_KEY, isMarked, withKeys } from "./meta.ts";
import { removeFor } from "./remove.ts";

/** Nothing that is merely idle is this old, so that a plan holds only what was cut short. */
const NOT_IDLE_DAYS = 10_000;

/** What fails is warned of, and found again the next time. */
export async function tidy(app: App): Promise<void> {
  const { archiver, events } = app;
  const guarded = async (id: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      events.changed(id);
    } catch (error) {
      // Another tab is at it, or has done it: then it is not for us.
      if (!hasCode(error, "CONFLICT", "NOT_FOUND")) events.warn(error, id);
    }
  };
  for await (const { id, meta } of archiver.list({ from: "metadata" })) {
    const isLeft = [APP_KEY.removing, APP_KEY.making, APP_KEY.writing].some((key) => isMarked(meta, key));
    if (isLeft) await guarded(id, () => app.locks.hold(id, () => finish(app, id)));
  }
  for await (const { id, action } of archiver.plan({ inactiveDays: NOT_IDLE_DAYS })) {
    if (action === "settle") await guarded(id, () => archiver.settle(id));
  }
  await archiver.gc().catch((error: unknown) => events.warn(error));
}

/** With the writer's lock held: the marks are nobody's any more. */
async function finish(app: App, id: string): Promise<void> {
  const { meta, rawBytes } = await app.archiver.info(id);
  if (isMarked(meta, APP_KEY.removing)) return removeFor(app, id);
  if (isMarked(meta, APP_KEY.making)) {
    // The bytes are there in whole or not at all.
    if (rawBytes === 0) return removeFor(app, id);
    await describeAnew(app, id, rawBytes);
  }
  await app.archiver.settle(id);
  await app.archiver.update(id, (now) => withKeys(now, { [APP_KEY.making]: null, [APP_KEY.writing]: null }));
}

/** As an import of its own bytes, which notes what they say. */
async function describeAnew(app: App, id: string, size: number): Promise<void> {
  await app.archiver.import(id, { size, read: (range) => app.archiver.read(id, { range }) });
}
