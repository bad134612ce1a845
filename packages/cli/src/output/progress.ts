/** How far work has come, and what it is shown for. */
import type { Writable } from "node:stream";

export interface Progress {
  /**
   * `done` of the total, working on `what`. Never shows more than the total, even if something has grown since. `of`:
   * the total, if it was not known at the start.
   */
  update(done: number, what: string, of?: number): void;
  /** One item is finished: prints a line of its own if there is no bar. */
  finished(line: string): void;
  /** A line to be seen in any case; on a terminal once the bar is gone. */
  note(line: string): void;
  /** Removes the bar from the terminal. Must be called in any case. */
  stop(): void;
}

export interface ProgressOptions {
  readonly stream: Writable;
  /** Begins every line: `import`, `verify`. */
  readonly label: string;
  /** How much there is to do, in the unit. */
  readonly total: number;
  readonly unit: "bytes" | "sessions";
}

/** Shows nothing. */
export const NO_PROGRESS: Progress = { update() {}, finished() {}, note() {}, stop() {} };
