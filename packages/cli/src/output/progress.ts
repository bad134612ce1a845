/** Shows progress on stderr: a bar on a terminal, a line now and then elsewhere. */
import type { Writable } from "node:stream";
import { formatSize } from "./sizes.js";
import { printable } from "./text.js";

export interface Progress {
  /** `done` of the total, working on `what`. Never shows more than the total, even if something has grown since. */
  update(done: number, what: string): void;
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

export async function openProgress(options: ProgressOptions): Promise<Progress> {
  return isTerminal(options.stream) ? (await import("./bar.js")).bar(options) : lines(options);
}

export function isTerminal(stream: object): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}

const EVERY_MS = 5000;

function lines({ stream, label, total, unit }: ProgressOptions): Progress {
  const format = unit === "bytes" ? formatSize : String;
  const write = (line: string): void => void stream.write(`${printable(line)}\n`);
  let last = performance.now();
  return {
    update(done, what) {
      if (performance.now() - last < EVERY_MS) return;
      last = performance.now();
      write(`${label}: ${format(Math.min(done, total))} of ${format(total)}, at ${what}`);
    },
    finished: write,
    note: write,
    stop() {},
  };
}
