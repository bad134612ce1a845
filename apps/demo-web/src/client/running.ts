/** The running operation and the last failure of each session, by session id. */
import { signal } from "@preact/signals";
import { hasCode } from "@session-archiver/core";
import type { SessionRow } from "../worker/api.ts";
import { subscribe } from "./connection.ts";
import { notify } from "./notices.ts";
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

/**
 * Runs one operation at a time for each session, and says whether it was done. A failure stays with the session until it is
 * dismissed or retried.
 */
export async function run(
  row: SessionRow,
  operation: Operation,
  work: () => Promise<void>,
  retry: () => void = () => void run(row, operation, work),
): Promise<boolean> {
  if (busy.value.has(row.id)) return false;
  dismissFailure(row.id);
  set(busy, row.id, { operation, fraction: undefined });
  try {
    await work();
    return true;
  } catch (error) {
    if (!hasCode(error, "ABORTED")) set(failed, row.id, { operation, error, retry });
    else notify("Stopped. The session is as it was.");
    return false;
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
