import type { Archiver, ErrorCode } from "@session-archiver/core";
import type { ChildSession, Note, OpenedStore } from "../protocol.js";
import type { Random } from "../random.js";

export interface RoleContext {
  readonly archiver: Archiver;
  readonly store: OpenedStore;
  readonly random: Random;
  readonly sessions: readonly ChildSession[];
  note(note: Note): void;
  /** Does a step that may be refused with one of these codes. Any other failure ends the process, and the test. */
  work(name: string, codes: readonly ErrorCode[], step: () => Promise<unknown>): Promise<void>;
}

/** What a process does until it is killed. */
export type RoleOf = (context: RoleContext) => Promise<void>;
