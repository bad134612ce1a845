/** Opens the stores, and creates everything that works on them. */
import { ArchiverError, type ArchiverEvent, createArchiver } from "@session-archiver/core";
import { transcriptDescriber } from "@session-archiver/transcripts";
import { type Agents, createAgents, type Pause } from "./agent/agents.ts";
import type { WorkerEvent } from "./api.ts";
import type { App } from "./app.ts";
import { createEventHub } from "./events.ts";
import { writerLocks } from "./locks.ts";
import { recoverApp } from "./recover-app.ts";
import type { OpenedStore, OpenStores } from "./stores.ts";
import { createTasks } from "./tasks.ts";
import { createTranscripts, type Transcripts } from "./transcript/transcripts.ts";

export interface OpenOptions {
  readonly openStores: OpenStores;
  /** The name of the database, and of the locks and the channel that tabs share. */
  readonly name?: string | undefined;
  readonly now?: (() => number) | undefined;
  /** The pause between two lines of a simulated agent; about a second by default. */
  readonly pause?: Pause | undefined;
}

export interface Opened {
  readonly app: App;
  readonly transcripts: Transcripts;
  readonly agents: Agents;
  /** Resolves when the operations that earlier tabs left unfinished have been finished or undone. */
  readonly recovered: Promise<void>;
}

/** Rejects with the stores' error if they can't be opened. */
export async function openApp(options: OpenOptions, listener: (event: WorkerEvent) => void): Promise<Opened> {
  const { openStores, name = "session-archiver-demo", now = Date.now, pause = aboutASecond } = options;
  // Missing in pages that were loaded over plain http, except from localhost.
  if (navigator.locks === undefined) {
    throw new ArchiverError("UNAVAILABLE", "The browser allows this only over https, or on localhost: open it there.");
  }
  const stores = await openStores(name, {
    onClosed: (message) => listener({ type: "closed", message }),
    onBlocked: (message) => listener({ type: "warning", message }),
  });
  const app = createApp(stores, name, now, listener);
  const transcripts = createTranscripts(app);
  const agents = createAgents(app, transcripts, pause);
  return { app, transcripts, agents, recovered: recoverApp(app).catch((error: unknown) => app.events.warn(error)) };
}

function createApp(store: OpenedStore, name: string, now: () => number, listener: (event: WorkerEvent) => void): App {
  const events = createEventHub(name, listener);
  const listeners = new Set<(event: ArchiverEvent) => void>();
  const archiver = createArchiver({
    ...store,
    now,
    describe: transcriptDescriber(),
    onEvent(event) {
      if (event.type === "warning") events.warn(event.message, event.id);
      else if (event.type !== "progress" && event.type !== "skipped" && "id" in event) events.changed(event.id);
      for (const listener of listeners) listener(event);
    },
  });
  return {
    store,
    archiver,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    events,
    tasks: createTasks(),
    locks: writerLocks(navigator.locks, name),
    now,
  };
}

const aboutASecond: Pause = (signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(done, 700 + Math.random() * 600);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    if (signal.aborted) done();
    else signal.addEventListener("abort", done);
  });
