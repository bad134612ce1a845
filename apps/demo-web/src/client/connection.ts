/** The page's connection to the worker: its state, the worker's calls, and subscriptions to its events. */
import { signal } from "@preact/signals";
import type { SessionApi, WorkerEvent } from "../worker/api.ts";
import { connect } from "./connect.ts";

export type Connection =
  | { readonly status: "connecting" | "ready" }
  | { readonly status: "failed"; readonly error: unknown }
  | { readonly status: "closed"; readonly message: string };

export const connection = signal<Connection>({ status: "connecting" });

let remote: SessionApi | undefined;
const listeners = new Set<(event: WorkerEvent) => void>();

/** The worker's calls. Throws unless `connection` is ready. */
export function api(): SessionApi {
  if (!remote) throw new Error("The worker isn't connected yet.");
  return remote;
}

/** Cancels all running work, if the worker can still be reached. */
export function cancelAll(): void {
  api()
    .cancel()
    .catch(() => undefined);
}

/** Returns the function that ends the subscription. */
export function subscribe(listener: (event: WorkerEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export async function openConnection(): Promise<void> {
  connection.value = { status: "connecting" };
  try {
    remote = await connect(publish);
    connection.value = { status: "ready" };
  } catch (error) {
    connection.value = { status: "failed", error };
  }
}

function publish(event: WorkerEvent): void {
  if (event.type === "closed") connection.value = { status: "closed", message: event.message };
  for (const listener of listeners) listener(event);
}
