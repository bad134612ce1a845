/** Simulated agents. Each writes to one session until it is stopped. */
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
  /** Resolves once the agent writes. `CONFLICT` if the session has a writer already, `PRUNED` if it was pruned. */
  start(id: string): Promise<void>;
  /** Resolves once the metadata counts everything that the agent wrote. */
  stop(id: string): Promise<void>;
  stopAll(): Promise<void>;
  /** Creates an empty session and returns its id. */
  createSession(title: string): Promise<string>;
}

/** Waits between two lines. Returns early when the signal is aborted. */
export type Pause = (signal: AbortSignal) => Promise<void>;

interface Running {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

export function createAgents(app: App, transcripts: Transcripts, pause: Pause): Agents {
  const running = new Map<string, Running>();

  /** Writes until stopped; calls `onStarted` once the first line is stored. */
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

/** Ends a line that was left unfinished, or the next record would be appended to it. */
async function endLine(app: App, id: string, recorder: Recorder): Promise<void> {
  let last: number | undefined;
  for await (const chunk of app.archiver.tail(id, 1)) last = chunk.at(-1) ?? last;
  if (last !== undefined && last !== 10) await recorder.append("\n");
}

/** Makes each step's lines only when their turn comes, so that they carry the time of that moment. */
function* agentLines(writer: LineWriter, isNew: boolean, now: () => number): Generator<string> {
  if (isNew) yield* writer.opening(now());
  for (const step of endlessSteps(Math.floor(Math.random() * TASKS.length))) yield* writer.lines(step, now());
}
