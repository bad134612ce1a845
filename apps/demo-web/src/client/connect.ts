/** Connects the page to its worker. */
import { ArchiverError } from "@session-archiver/core";
import { proxy, wrap } from "comlink";
import type { SessionApi, WorkerEvent } from "../worker/api.ts";
import { sendErrorsWithCode } from "../worker/rpc.ts";

sendErrorsWithCode();

/**
 * Starts the worker, opens the database and returns the worker's calls. Rejects if either can't be started. If the worker
 * dies, `onEvent` gets `closed`, and every pending or later call rejects with `UNAVAILABLE`.
 */
export async function connect(onEvent: (event: WorkerEvent) => void): Promise<SessionApi> {
  const worker = new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module" });
  const remote = wrap<SessionApi>(worker);
  let opened = false;
  let dead: ArchiverError | undefined;
  const waiting = new Set<(error: ArchiverError) => void>();

  const end = (message: string): void => {
    if (dead) return;
    dead = new ArchiverError("UNAVAILABLE", message);
    worker.terminate();
    for (const reject of waiting) reject(dead);
    waiting.clear();
    if (opened) onEvent({ type: "closed", message });
  };
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    end(`The worker that keeps the sessions has stopped${event.message ? `: ${event.message}` : ""}. Reload the page.`);
  });
  worker.addEventListener("messageerror", () => end("A message of the worker could not be read. Reload the page."));

  /** Comlink alone would let a call wait forever once the worker is gone. */
  const guarded = <T>(call: () => Promise<T>): Promise<T> => {
    if (dead) return Promise.reject(dead);
    return new Promise<T>((resolve, reject) => {
      waiting.add(reject);
      call()
        .then(resolve, reject)
        .finally(() => waiting.delete(reject));
    });
  };
  await guarded(async () => remote.open(proxy(onEvent))).catch((error: unknown) => {
    worker.terminate();
    throw error;
  });
  opened = true;
  return new Proxy({} as SessionApi, {
    get(_target, name) {
      if (name === "then") return undefined; // or `await` would take the API for a promise
      const method = remote[name as keyof SessionApi] as (...args: readonly unknown[]) => Promise<unknown>;
      return (...args: readonly unknown[]) => guarded(() => method(...args));
    },
  });
}
