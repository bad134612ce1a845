/** A progress bar on a terminal. */
import { Presets, SingleBar } from "cli-progress";
import type { Progress, ProgressOptions } from "./progress.js";
import { formatSize } from "./sizes.js";
import { printable } from "./text.js";

const LONGEST_NAME = 40;

export function bar({ stream, label, total, unit }: ProgressOptions): Progress {
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
    update(done, what, of = total) {
      single.setTotal(of);
      single.update(Math.min(done, of), { what: shortened(what) });
    },
    finished() {},
    note: (line) => void notes.push(line),
    stop() {
      single.stop();
      for (const line of notes.splice(0)) stream.write(`${printable(line)}\n`);
    },
  };
}

/** The end of a long name: ids differ there. */
function shortened(text: string): string {
  const name = printable(text);
  if (name.length <= LONGEST_NAME) return name;
  // By whole characters, and again: what is meant to be there may be no longer, now that it comes first.
  return `…${printable([...name].slice(1 - LONGEST_NAME).join(""))}`;
}
