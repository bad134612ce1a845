/** What the test and its child processes say to each other. */
import type { Ports } from "@session-archiver/core";
import type { Operation } from "./model.js";
import type { Weakness } from "./weaken.js";

/** The module that a backend's test names: it opens the store in each of the processes. */
export interface StoreModule {
  openStore(directory: string): Promise<OpenedStore>;
  /** For what needs no change, if the backend knows such a thing. */
  openReadOnly?(directory: string): Promise<OpenedStore>;
}

export interface OpenedStore extends Ports {
  /** Gives back space, where the backend has something to give. */
  reclaim?(): Promise<unknown>;
  close(): Promise<void>;
}

export const ROLES = ["appender", "archiver", "sweeper", "collector", "pruner"] as const;
export type Role = (typeof ROLES)[number];

export interface ChildSession {
  readonly id: string;
  /** Path of its agent's output. */
  readonly output: string;
  /** Up to where the agent has got in it. */
  readonly end: number;
}

export interface ChildConfig {
  /** URL of the {@link StoreModule}. */
  readonly open: string;
  readonly directory: string;
  readonly role: Role | "none";
  readonly seed: number;
  /** Those that the child writes to, or may move about. */
  readonly sessions: readonly ChildSession[];
  /** Where it notes what it does: what is written to a file stays there when its writer is killed. */
  readonly log: string;
  /** What is wrong with its store, to see that the test tells: see `weaken.ts`. */
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
