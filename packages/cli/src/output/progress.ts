/** How far work has come, and what it is shown for. */
import type { Writable } from "node:stream";

export interface Progress {
  /** `done` of the total, at work on `what`. What grew after it was added up makes no more than all of it. */
  update(done: number, what: string): void;
  /** One thing is finished: a line of its own where there is no bar. */
  finished(line: string): void;
  /** A line to be seen in any case; on a terminal once the bar is gone. */
  note(line: string): void;
  /** Takes the bar off the terminal. To be called in any case. */
  stop(): void;
}

export interface ProgressOptions {
  readonly stream: Writable;
  /** Begins every line: `import`, `verify`. */
  readonly label: string;
  /** What there is to do, in bytes or pieces. */
  readonly total: number;
  readonly unit: "bytes" | "sessions";
}
