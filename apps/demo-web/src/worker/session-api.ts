/** The worker's interface for the page, put together from its parts. */
import { type Archiver, ArchiverError, type Progress as CoreProgress } from "@session-archiver/core";
import type { Progress, SessionApi } from "./api.ts";
import type { App } from "./app.ts";
import { exportGzip } from "./export.ts";
import { generate } from "./generate/generate.ts";
import { importFiles } from "./import/import-files.ts";
import { type Opened, type OpenOptions, openApp } from "./open-app.ts";
import { remove } from "./remove.ts";
import { isShown, listRows, rowOf } from "./rows.ts";
import { planSweep } from "./sweep/plan.ts";
import { runSweep } from "./sweep/sweep.ts";
import { throttled } from "./tasks.ts";

/** The API, and what only the worker itself may call. */
export interface Service extends SessionApi {
  /** Stops the agents and closes the stores. */
  close(): Promise<void>;
  /** Resolves when the operations that earlier tabs left unfinished have been finished or undone. */
  recovered(): Promise<void>;
}

export function createSessionApi(options: OpenOptions): Service {
  let opening: Promise<Opened> | undefined;
  const opened = (): Promise<Opened> =>
    opening ?? Promise.reject(new ArchiverError("INVALID_ARGUMENT", "Open the database first."));
  const app = async (): Promise<App> => (await opened()).app;
  /** Runs an operation on one session that can be cancelled; sends its progress, and at the end a `changed` event. */
  const operate = async (id: string, work: (archiver: Archiver, options: Operation) => Promise<unknown>) => {
    const { app } = await opened();
    try {
      await app.tasks.run((signal) => work(app.archiver, { signal, onProgress: sessionProgress(app) }));
    } finally {
      app.events.changed(id);
    }
  };
  return {
    async open(listener) {
      if (opening) throw new ArchiverError("INVALID_ARGUMENT", "The database is open already.");
      opening = openApp(options, listener);
      opening.catch(() => {
        opening = undefined; // the caller may try again
      });
      await opening;
    },
    async list() {
      const { app, agents } = await opened();
      return listRows(app, agents.isRunning);
    },
    async row(id) {
      const { app, agents } = await opened();
      const info = await app.archiver.info(id);
      if (isShown(info.meta)) return rowOf(info, agents.isRunning(id));
      throw new ArchiverError("NOT_FOUND", `Session "${id}" is being created or deleted.`, { id });
    },
    storage: async () => (await app()).store.status(),
    openTranscript: async (id) => (await opened()).transcripts.open(id),
    readLines: async (id, from, to) => (await opened()).transcripts.lines(id, from, to),
    readLine: async (id, index) => (await opened()).transcripts.line(id, index),
    importFiles: async (files) => importFiles(await app(), files),
    generate: async (generated) => generate(await app(), generated),
    startAgent: async (id) => (await opened()).agents.start(id),
    stopAgent: async (id) => (await opened()).agents.stop(id),
    createSession: async (title) => (await opened()).agents.createSession(title),
    archive: (id) => operate(id, (archiver, options) => archiver.archive(id, options)),
    restore: (id) => operate(id, (archiver, options) => archiver.restore(id, options)),
    pin: (id, pinned) => operate(id, (archiver) => archiver.pin(id, pinned)),
    prune: (id, reason) => operate(id, (archiver, { signal }) => archiver.pruneSession(id, { reason, signal })),
    undoPrune: (id) => operate(id, (archiver) => archiver.undoPrune(id)),
    verify: (id) => operate(id, (archiver, options) => archiver.verify(id, options)),
    exportGzip: async (id) => exportGzip(await app(), id),
    async remove(id) {
      const { app, agents } = await opened();
      await agents.stop(id);
      await remove(app, id);
    },
    plan: async (settings) => planSweep(await app(), settings),
    sweep: async (settings) => runSweep(await app(), settings),
    cancel: async () => (await app()).tasks.cancelAll(),
    recovered: async () => (await opened()).recovered,
    async close() {
      const { app, agents, recovered } = await opened();
      app.tasks.cancelAll();
      await agents.stopAll();
      await recovered;
      app.events.close();
      await app.store.close();
    },
  };
}

interface Operation {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: CoreProgress) => void;
}

function sessionProgress(app: App): Operation["onProgress"] {
  const emit = throttled((progress: Progress) => app.events.emit({ type: "progress", progress }));
  return ({ operation, id, bytes, totalBytes }) =>
    emit({ operation, id, doneBytes: bytes, totalBytes, doneCount: bytes >= totalBytes ? 1 : 0, totalCount: 1 });
}
