/** Simulated agents, each writing to one session until it is stopped. */
import type { Recorder } from "@session-archiver/core";
import { shorten } from "@session-archiver/transcripts";
import { type App, randomId } from "../app.ts";
import { APP_KEY, kindOf, withKeys } from "../meta.ts";
import type { Transcripts } from "../transcript/transcripts.ts";
import type { LineWriter } from "./line-writer.ts";
import { endlessSteps, TASKS } from "./script.ts";
import { lineWriter } from "./writer.ts";

export interface Agents {
  isRunning(id: string): boolean;
  /** `CONFLICT` if somebody writes to the session already, `PRUNED` if it can't be read. Resolves once it writes. */
  start(id: string): Promise<void>;
  /** Resolves once all it wrote is noted. */
  stop(id: string): Promise<void>;
  stopAll(): Promise<void>;
  /** A new, empty session; gives its id. */
  createSession(title: string): Promise<string>;
}

/** Waits between two lines, and stops waiting once the signal is aborted. */
export type Pause = (signal: AbortSignal) => Promise<void>;

interface Running {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

export function createAgents(app: App, transcripts: Transcripts, pause: Pause): Agents {
  const running = new Map<string, Running>();

  /** Writes until stopped; `onStarted` once the first line is there. */
  async function write(id: string, signal: AbortSignal, onStarted: () => void): Promise<void> {
    const mark = (isWriting: true | null) =>
      app.archiver.update(id, (meta) => withKeys(meta, { [APP_KEY.writing]: isWriting }));
    const info = await app.archiver.info(id);
    let lineCount = await transcripts.lineCount(id);
    await mark(true);
    const recorder = app.archiver.recorder(id);
    try {
      await endLine(app, id, recorder);
      for (const line of agentLines(lineWriter(kindOf(info)), lineCount === 0, app.now)) {
        await recorder.append(`${line}\n`);
        app.events.appended(id, ++lineCount);
        onStarted();
        await pause(signal);
        if (signal.aborted) return;
      }
    } finally {
      await recorder.close();
      await mark(null);
    }
  }
  async function stop(id: string): Promise<void> {
    const agent = running.get(id);
    agent?.controller.abort();
    await agent?.ended;
  }
  return {
    isRunning: (id) => running.has(id),
    start(id) {
      if (running.has(id)) return Promise.resolve();
      const controller = new AbortController();
      const started = Promise.withResolvers<void>();
      let isStarted = false;
      const onStarted = (): void => {
        isStarted = true;
        started.resolve();
      };
      const ended = app.locks
        .hold(id, () => write(id, controller.signal, onStarted))
        .catch((error: unknown) => {
          if (isStarted) app.events.warn(error, id);
          else started.reject(error);
        })
        .finally(() => {
          running.delete(id);
          app.events.changed(id);
          started.resolve();
        });
      running.set(id, { controller, ended });
      app.events.changed(id);
      return started.promise;
    },
    stop,
    stopAll: async () => void (await Promise.all([...running.keys()].map(stop))),
    async createSession(title) {
      const shown = shorten(title) || "New session";
      const slug = shown
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .slice(0, 40);
      const id = `agent/${slug.replace(/^-|-$/g, "") || "session"}-${randomId()}`;
      await app.archiver.create(id, { [APP_KEY.title]: shown, [APP_KEY.kind]: "claude-code" });
      app.events.changed(id);
      return id;
    },
  };
}

/** A line that was left unfinished must not be glued to what follows. */
async function endLine(app: App, id: string, recorder: Recorder): Promise<void> {
  let last: number | undefined;
  for await (const chunk of app.archiver.tail(id, 1)) last = chunk.at(-1) ?? last;
  if (last !== undefined && last !== 10) await recorder.append("\n");
}

/** Each step's lines are made when their turn comes, so that they carry the time of that moment. */
function* agentLines(writer: LineWriter, isNew: boolean, now: () => number): Generator<string> {
  if (isNew) yield* writer.opening(now());
  for (const step of endlessSteps(Math.floor(Math.random() * TASKS.length))) yield* writer.lines(step, now());
}
