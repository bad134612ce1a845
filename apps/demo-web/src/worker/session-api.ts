/** Everything the page can ask for, bound together. */
import { ArchiverError, type ArchiverEvent, hasCode, type StoredObject } from "@session-archiver/core";
import type { Progress, SessionApi, SessionRow } from "./api.ts";
import { type App, objectOf } from "./app.ts";
import { exportGzip } from "./export.ts";
import { generate } from "./generate/generate.ts";
import { importFiles } from "./import/import-files.ts";
import { type Opened, type OpenOptions, openApp } from "./open-app.ts";
import { remove } from "./remove.ts";
import { isShown, rowOf } from "./rows.ts";
import { planSweep } from "./sweep/plan.ts";
import { runSweep } from "./sweep/sweep.ts";
import { throttled } from "./tasks.ts";

/** The API and what belongs to the worker alone. */
export interface Service extends SessionApi {
  /** Ends agents and closes the stores. */
  close(): Promise<void>;
  /** Resolves when what earlier tabs left has been put in order. */
  tidied(): Promise<void>;
}

export function createSessionApi(options: OpenOptions): Service {
  let opening: Promise<Opened> | undefined;
  const opened = (): Promise<Opened> =>
    opening ?? Promise.reject(new ArchiverError("INVALID_ARGUMENT", "Open the database first."));
  const app = async (): Promise<App> => (await opened()).app;
  const rowFor = async ({ app, agents }: Opened, object: StoredObject): Promise<SessionRow> =>
    rowOf(app, object, agents.isRunning(object.id));
  /** An operation on one session: can be cancelled, tells its progress, and that the session has changed. */
  const operate = async (id: string, work: (archiver: App["archiver"], signal: AbortSignal) => Promise<unknown>) => {
    const { app } = await opened();
    try {
      await app.tasks.run((signal) => work(app.archiverWith(sessionProgress(app)), signal));
    } finally {
      app.events.changed(id);
    }
  };
  return {
    async open(listener) {
      if (opening) throw new ArchiverError("INVALID_ARGUMENT", "The database is open already.");
      opening = openApp(options, listener);
      opening.catch(() => {
        opening = undefined; // it may be tried again
      });
      await opening;
    },
    async list() {
      const all = await opened();
      const rows: Promise<SessionRow | undefined>[] = [];
      for await (const object of all.app.stores.objects.list()) {
        if (isShown(object.meta)) rows.push(rowFor(all, object).catch((error) => unlisted(all.app, object.id, error)));
      }
      return (await Promise.all(rows)).filter((row) => row !== undefined);
    },
    async row(id) {
      const all = await opened();
      const object = await objectOf(all.app, id);
      if (isShown(object.meta)) return rowFor(all, object);
      throw new ArchiverError("NOT_FOUND", `Session "${id}" is being made or deleted.`, { id });
    },
    storage: async () => (await app()).stores.status(),
    openTranscript: async (id) => (await opened()).transcripts.open(id),
    readLines: async (id, from, to) => (await opened()).transcripts.lines(id, from, to),
    readLine: async (id, index) => (await opened()).transcripts.line(id, index),
    importFiles: async (files) => importFiles(await app(), files),
    generate: async (generated) => generate(await app(), generated),
    startAgent: async (id) => (await opened()).agents.start(id),
    stopAgent: async (id) => (await opened()).agents.stop(id),
    createSession: async (title) => (await opened()).agents.createSession(title),
    archive: (id) => operate(id, (archiver, signal) => archiver.archive(id, { signal })),
    restore: (id) => operate(id, (archiver, signal) => archiver.restore(id, { signal })),
    pin: (id, pinned) => operate(id, (archiver) => archiver.pin(id, pinned)),
    prune: (id, reason) => operate(id, (archiver, signal) => archiver.pruneSession(id, { reason, signal })),
    undoPrune: (id) => operate(id, (archiver) => archiver.undoPrune(id)),
    verify: (id) => operate(id, (archiver, signal) => archiver.verify(id, { signal })),
    exportGzip: async (id) => exportGzip(await app(), id),
    async remove(id) {
      const { app, agents } = await opened();
      await agents.stop(id);
      await remove(app, id);
    },
    plan: async (settings) => planSweep(await app(), settings),
    sweep: async (settings) => runSweep(await app(), settings),
    cancel: async () => (await app()).tasks.cancelAll(),
    tidied: async () => (await opened()).tidied,
    async close() {
      const { app, agents, tidied } = await opened();
      app.tasks.cancelAll();
      await agents.stopAll();
      await tidied;
      app.events.close();
      await app.stores.close();
    },
  };
}

function sessionProgress(app: App): (event: ArchiverEvent) => void {
  const emit = throttled((progress: Progress) => app.events.emit({ type: "progress", progress }));
  return (event) => {
    if (event.type !== "progress") return;
    const { operation, id, bytes, totalBytes } = event;
    emit({ operation, id, doneBytes: bytes, totalBytes, doneCount: bytes >= totalBytes ? 1 : 0, totalCount: 1 });
  };
}

/** One that can't be understood keeps no other from being listed; one that is gone since needs no words. */
function unlisted(app: App, id: string, error: unknown): undefined {
  if (!hasCode(error, "NOT_FOUND")) app.events.warn(error, id);
}
