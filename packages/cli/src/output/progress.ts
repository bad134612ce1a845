/** How far work has come, on stderr: a bar on a terminal, a line now and then elsewhere. */
import type { Writable } from "node:stream";
import { Presets, SingleBar } from "cli-progress";
import { formatSize } from "./sizes.js";
import { printable } from "./text.js";

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

export function openProgress(options: ProgressOptions): Progress {
  return isTerminal(options.stream) ? bar(options) : lines(options);
}

export function isTerminal(stream: object): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}

const LONGEST_NAME = 40;

function bar({ stream, label, total, unit }: ProgressOptions): Progress {
  const format = unit === "bytes" ? formatSize : String;
  const notes: string[] = [];
  const single = new SingleBar(
    {
      stream,
      format: `${label} {bar} {percentage} % | {value} of {total} | {what}`,
      formatValue: (value, _options, type) => (type === "value" || type === "total" ? format(value) : String(value)),
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      emptyOnZero: true,
    },
    Presets.shades_classic,
  );
  single.start(total, 0, { what: "" });
  return {
    update: (done, what) => single.update(Math.min(done, total), { what: shortened(what) }),
    finished() {},
    note: (line) => void notes.push(line),
    stop() {
      single.stop();
      for (const line of notes.splice(0)) stream.write(`${printable(line)}\n`);
    },
  };
}

/** The end of a long name: that is where ids differ. */
function shortened(text: string): string {
  const name = printable(text);
  return name.length <= LONGEST_NAME ? name : `…${name.slice(1 - LONGEST_NAME)}`;
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
