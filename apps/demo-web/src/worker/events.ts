/** Sends the worker's events to this tab's page, and changes also to the other tabs. */
import type { WorkerEvent } from "./api.ts";

export interface EventHub {
  /** Sends an event to this page only. */
  emit(event: WorkerEvent): void;
  /** Reports that this session has changed or, without an id, that any may have. Changes close together make one event. */
  changed(id?: string): void;
  appended(id: string, lineCount: number): void;
  /** Warns this page. Repeats the same message about the same session at most once a minute. */
  warn(error: unknown, id?: string): void;
  close(): void;
}

const GATHER_MS = 50;
const SAME_WARNING_MS = 60_000;
/** Above this many changed sessions the event says that any may have changed. */
const MOST_IDS = 100;

export function createEventHub(channelName: string, listener: (event: WorkerEvent) => void): EventHub {
  const channel = new BroadcastChannel(channelName);
  let ids: Set<string> | "all" = new Set();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The last time of each warning. */
  const warned = new Map<string, number>();

  channel.addEventListener("message", (message: MessageEvent<WorkerEvent>) => listener(message.data));
  const everywhere = (event: WorkerEvent): void => {
    listener(event);
    channel.postMessage(event);
  };
  const tell = (): void => {
    timer = undefined;
    everywhere(ids === "all" ? { type: "changed" } : { type: "changed", ids: [...ids] });
    ids = new Set();
  };
  return {
    emit: listener,
    changed(id) {
      if (id === undefined) ids = "all";
      else if (ids !== "all") ids.add(id);
      if (ids !== "all" && ids.size > MOST_IDS) ids = "all";
      timer ??= setTimeout(tell, GATHER_MS);
    },
    appended: (id, lineCount) => everywhere({ type: "appended", id, lineCount }),
    warn(error, id) {
      const message = error instanceof Error ? error.message : String(error);
      const now = performance.now();
      for (const [key, at] of warned) if (now - at >= SAME_WARNING_MS) warned.delete(key);
      const key = JSON.stringify([id, message]);
      if (warned.has(key)) return;
      warned.set(key, now);
      listener({ type: "warning", id, message });
    },
    close() {
      clearTimeout(timer);
      channel.close();
    },
  };
}
