/** Searches sessions for a search that runs in another thread. */
import type { Archiver } from "@session-archiver/core";
import { type CompiledQuery, compile } from "../query/compile.js";
import { changes } from "../search/changes.js";
import type { Hit } from "../search/hit.js";
import { WAITING } from "../search/place.js";
import { searchSession } from "../search/search-session.js";
import { type Settings, settingsOf } from "../search/settings.js";
import { emptyTally } from "../search/tally.js";
import type { FromThread, ToThread } from "./messages.js";
import type { SearchPort } from "./port.js";

/**
 * Takes a share of one search, whose `openPorts` has the other end of `port`. The archiver must be over the same stores.
 * Resolves when that search has ended.
 */
export function serveSearch(archiver: Archiver, port: SearchPort): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  let task: { readonly query: CompiledQuery; readonly settings: Settings } | undefined;
  /** Hits on their way, by session. */
  const untaken = new Map<number, number>();
  const change = changes();
  let work = Promise.resolve();
  const post = (message: FromThread): void => port.postMessage(message);

  const serve = async (turn: number, id: string): Promise<void> => {
    if (!task || signal.aborted) return;
    const tally = emptyTally();
    let session: Hit["session"] | undefined;
    untaken.set(turn, 0);
    for await (const { session: seen, ...hit } of searchSession(archiver, id, task.query, task.settings, tally)) {
      post({ kind: "hit", turn, hit, tally, ...(seen !== session && { session: seen }) });
      session = seen;
      untaken.set(turn, (untaken.get(turn) ?? 0) + 1);
      while ((untaken.get(turn) ?? 0) >= WAITING && !signal.aborted) await change.next();
    }
    untaken.delete(turn);
    post({ kind: "done", turn, tally });
  };
  return new Promise((resolve) => {
    const end = (): void => {
      stop.abort();
      change.tell();
      void work.then(() => {
        port.close();
        resolve();
      });
    };
    port.addEventListener("message", ({ data }) => {
      const message = data as ToThread;
      if (message.kind === "query") {
        const { query, options } = message;
        task = { query: compile(query, options), settings: { ...settingsOf(options), signal } };
      } else if (message.kind === "session") {
        // It rejects only if it is stopped, or if there is no more to be had from this thread.
        work = work.then(() => serve(message.turn, message.id)).catch(end);
      } else if (message.kind === "taken") {
        const { turn } = message;
        if (untaken.has(turn)) untaken.set(turn, (untaken.get(turn) ?? 0) - 1);
        change.tell();
      } else end();
    });
    port.addEventListener("close", end);
    port.start();
  });
}
