/** All sessions as the worker lists them, updated when they change here or in another tab. */
import { computed, signal } from "@preact/signals";
import { hasCode } from "@session-archiver/core";
import type { SessionRow, WorkerEvent } from "../worker/api.ts";
import { api, subscribe } from "./connection.ts";
import { callersOf } from "./families.ts";

export type Loading = { readonly status: "loading" | "ready" } | { readonly status: "failed"; readonly error: unknown };

/** Changes come in bursts (an import, a sweep), so they are fetched together, at most this often. */
const REFRESH_MS = 150;
/** Above this many changed rows one listing is cheaper. */
const MANY = 16;

export const sessions = signal<ReadonlyMap<string, SessionRow>>(new Map());
export const loading = signal<Loading>({ status: "loading" });
export const allRows = computed(() => [...sessions.value.values()]);
/** Which sessions are those of subagents. */
export const callers = computed(() => callersOf(allRows.value));

let changed = new Set<string>();
let everything = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let running = false;

export async function loadSessions(): Promise<void> {
  if (loading.value.status === "failed") loading.value = { status: "loading" };
  try {
    const rows = await api().list();
    sessions.value = new Map(rows.map((row) => [row.id, row]));
    loading.value = { status: "ready" };
  } catch (error) {
    loading.value = { status: "failed", error };
  }
}

/** Schedules fetching these rows again, or all rows. */
export function markChanged(ids?: readonly string[]): void {
  if (ids === undefined) everything = true;
  else for (const id of ids) changed.add(id);
  if (timer === undefined) timer = setTimeout(() => void refresh(), REFRESH_MS);
}

subscribe((event: WorkerEvent) => {
  if (event.type === "changed") markChanged(event.ids);
  else if (event.type === "appended") markChanged([event.id]);
});

async function refresh(): Promise<void> {
  timer = undefined;
  if (running) {
    timer = setTimeout(() => void refresh(), REFRESH_MS);
    return;
  }
  const ids = changed;
  const all = everything || ids.size > MANY;
  changed = new Set();
  everything = false;
  running = true;
  try {
    if (all) await loadSessions();
    else await refreshRows(ids);
  } finally {
    running = false;
  }
}

async function refreshRows(ids: ReadonlySet<string>): Promise<void> {
  const rows = await Promise.all([...ids].map(async (id) => [id, await rowOf(id)] as const));
  const next = new Map(sessions.value);
  for (const [id, row] of rows) {
    if (row) next.set(id, row);
    else next.delete(id);
  }
  sessions.value = next;
}

async function rowOf(id: string): Promise<SessionRow | undefined> {
  try {
    return await api().row(id);
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return undefined;
    return sessions.value.get(id); // keep the old row; the next change fetches it again
  }
}
