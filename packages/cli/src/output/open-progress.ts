/** How far work has come, on stderr: a bar on a terminal, a line now and then elsewhere. */
import type { Progress, ProgressOptions } from "./progress.js";
import { formatSize } from "./sizes.js";
import { printable } from "./text.js";

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
    update(done, what, of = total) {
      if (performance.now() - last < EVERY_MS) return;
      last = performance.now();
      write(`${label}: ${format(Math.min(done, of))} of ${format(of)}, at ${what}`);
    },
    finished: write,
    note: write,
    stop() {},
  };
}
