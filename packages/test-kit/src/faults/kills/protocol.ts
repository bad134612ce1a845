/** The messages between the test and its child processes. */
import type { Ports } from "@session-archiver/core";
import type { Operation } from "./model.js";
import type { Weakness } from "./weaken.js";

/** The module that a backend's test names: it opens the store in each of the processes. */
export interface StoreModule {
  openStore(directory: string): Promise<OpenedStore>;
  /** Opens the store read-only, if the backend can. */
  openReadOnly?(directory: string): Promise<OpenedStore>;
}

export interface OpenedStore extends Ports {
  /** Gives space back, if the backend can. */
  reclaim?(): Promise<unknown>;
  close(): Promise<void>;
}

export const ROLES = ["appender", "archiver", "sweeper", "collector", "pruner"] as const;
export type Role = (typeof ROLES)[number];

export interface ChildSession {
  readonly id: string;
  /** Path of its agent's output. */
  readonly output: string;
  /** The offset that the agent has reached in it. */
  readonly end: number;
}

export interface ChildConfig {
  /** URL of the {@link StoreModule}. */
  readonly open: string;
  readonly directory: string;
  readonly role: Role | "none";
  readonly seed: number;
  /** The sessions that the child writes to, or may archive and restore. */
  readonly sessions: readonly ChildSession[];
  /** The file for its notes: bytes written to a file stay there when the writer is killed. */
  readonly log: string;
  /** The defect of its store, to show that the test finds it: see `weaken.ts`. */
  readonly weakness?: Weakness | undefined;
}

/** A line of the log. */
export type Note =
  | { readonly note: "begin"; readonly id: string; readonly operation: Operation }
  | { readonly note: "done" | "unclear"; readonly id: string }
  | { readonly note: "refused"; readonly id: string; readonly code: string }
  /** Work that changes no session's bytes. */
  | { readonly note: "at"; readonly work: string }
  | { readonly note: "failed"; readonly work: string; readonly message: string };
