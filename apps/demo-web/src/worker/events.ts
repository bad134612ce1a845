/** What happens here, told to this tab's page and to the other tabs. */
import type { WorkerEvent } from "./api.ts";

export interface EventHub {
  /** To this page only. */
  emit(event: WorkerEvent): void;
  /** This session has changed, or, without an id, any may have. Changes close together are told at once. */
  changed(id?: string): void;
  appended(id: string, lineCount: number): void;
  /** To this page; the same words about the same session not again within a minute. */
  warn(error: unknown, id?: string): void;
  close(): void;
}

const GATHER_MS = 50;
const SAME_WARNING_MS = 60_000;
/** So many changes at once are told as "all". */
const MOST_IDS = 100;

export function createEventHub(channelName: string, listener: (event: WorkerEvent) => void): EventHub {
  const channel = new BroadcastChannel(channelName);
  let ids: Set<string> | "all" = new Set();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What was warned of, and when. */
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
