/** The running operation and the last failure of each session, by session id. */
import { signal } from "@preact/signals";
import { hasCode } from "@session-archiver/core";
import { dateTime } from "../ui/format.ts";
import type { SessionRow } from "../worker/api.ts";
import { ask } from "./confirm.ts";
import { api, subscribe } from "./connection.ts";
import { download } from "./download.ts";
import { endOfGrace } from "./grace.ts";
import { notify } from "./notices.ts";
import { go, route } from "./route.ts";
import { markChanged } from "./sessions.ts";

export type Operation = "archive" | "restore" | "verify" | "export" | "pin" | "prune" | "undo" | "delete" | "agent";

export interface Busy {
  readonly operation: Operation;
  /** From 0 to 1, if known. */
  readonly fraction: number | undefined;
}

export interface Failed {
  readonly operation: Operation;
  readonly error: unknown;
  readonly retry: () => void;
}

export const busy = signal<ReadonlyMap<string, Busy>>(new Map());
export const failed = signal<ReadonlyMap<string, Failed>>(new Map());

subscribe((event) => {
  if (event.type !== "progress") return;
  const { operation, id, doneBytes, totalBytes } = event.progress;
  const current = busy.value.get(id);
  if (current?.operation !== operation || totalBytes <= 0) return;
  set(busy, id, { operation, fraction: Math.min(1, doneBytes / totalBytes) });
});

export function dismissFailure(id: string): void {
  set(failed, id, undefined);
}

export const archive = (row: SessionRow): Promise<void> => run(row, "archive", () => api().archive(row.id));
export const restore = (row: SessionRow): Promise<void> => run(row, "restore", () => api().restore(row.id));
export const undoPrune = (row: SessionRow): Promise<void> => run(row, "undo", () => api().undoPrune(row.id));
export const setPinned = (row: SessionRow, pinned: boolean): Promise<void> =>
  run(row, "pin", () => api().pin(row.id, pinned));
export const setAgent = (row: SessionRow, on: boolean): Promise<void> =>
  run(row, "agent", () => (on ? api().startAgent(row.id) : api().stopAgent(row.id)));

export const verify = (row: SessionRow): Promise<void> =>
  run(row, "verify", async () => {
    await api().verify(row.id);
    notify("Verified: every byte is there and matches its checksum.");
  });

export const exportGzip = (row: SessionRow): Promise<void> =>
  run(row, "export", async () => {
    const { name, blob } = await api().exportGzip(row.id);
    download(name, blob);
    notify(`Exported as ${name}.`);
  });

export async function prune(row: SessionRow): Promise<void> {
  const yes = await ask({
    title: "Prune this session?",
    text: `A note of what “${row.title}” held stays in the list. You can undo this until ${dateTime(endOfGrace(Date.now()))}; the first sweep after that deletes its bytes.`,
    confirmLabel: "Prune",
    danger: true,
  });
  if (yes) await run(row, "prune", () => api().prune(row.id));
}

export async function remove(row: SessionRow): Promise<void> {
  const yes = await ask({
    title: "Delete this session for good?",
    text: `“${row.title}” and all its bytes, live and archived, are deleted from this browser. This can't be undone: export it first if you may need it.`,
    confirmLabel: "Delete for good",
    danger: true,
  });
  if (!yes) return;
  await run(row, "delete", async () => {
    await api().remove(row.id);
    if (route.value.page === "session" && route.value.id === row.id) go({ page: "home" });
    notify(`Deleted “${row.title}”.`);
  });
}

/** Runs one operation at a time for each session. A failure stays with the session until it is dismissed or retried. */
async function run(row: SessionRow, operation: Operation, work: () => Promise<void>): Promise<void> {
  if (busy.value.has(row.id)) return;
  dismissFailure(row.id);
  set(busy, row.id, { operation, fraction: undefined });
  try {
    await work();
  } catch (error) {
    const retry = (): void => void run(row, operation, work);
    if (!hasCode(error, "ABORTED")) set(failed, row.id, { operation, error, retry });
    else notify("Stopped. The session is as it was.");
  } finally {
    set(busy, row.id, undefined);
    markChanged([row.id]);
  }
}

function set<T>(map: { value: ReadonlyMap<string, T> }, id: string, value: T | undefined): void {
  const next = new Map(map.value);
  if (value === undefined) next.delete(id);
  else next.set(id, value);
  map.value = next;
}
