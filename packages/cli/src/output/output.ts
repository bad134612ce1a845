/** A command's output: its result on stdout, everything else on stderr. */
import type { Writable } from "node:stream";
import { openProgress } from "./open-progress.js";
import { writeTo } from "./pipe.js";
import type { Progress, ProgressOptions } from "./progress.js";
import { jsonText, printable } from "./text.js";

export interface Output {
  /** Whether `--json` was given. */
  readonly json: boolean;
  /**
   * Prints the command's result: the document if `--json` was given, otherwise the text. Called once per command. Only
   * what is printed is computed.
   */
  result(document: unknown, text: string | (() => string | Promise<string>)): Promise<void>;
  /** Whether anything has been written to stdout. */
  readonly begun: boolean;
  /** Prints part of the result as it is. */
  raw(chunk: Uint8Array | string): Promise<void>;
  /** Prints a line on stderr. */
  note(line: string): void;
  /** Runs `work` with a progress display; meanwhile, notes go through the display. */
  withProgress<T>(options: Omit<ProgressOptions, "stream">, work: (progress: Progress) => Promise<T>): Promise<T>;
}

export function openOutput(streams: { readonly stdout: Writable; readonly stderr: Writable }, json: boolean): Output {
  let progress: Progress | undefined;
  let begun = false;
  const write = (chunk: Uint8Array | string): Promise<void> => {
    begun = true;
    return writeTo(streams.stdout, chunk);
  };
  return {
    json,
    get begun() {
      return begun;
    },
    async result(document, text) {
      const whole = json ? jsonText(document) : typeof text === "string" ? text : await text();
      if (whole !== "") await write(whole.endsWith("\n") ? whole : `${whole}\n`);
    },
    raw: write,
    note(line) {
      if (progress) progress.note(line);
      else streams.stderr.write(`${printable(line)}\n`);
    },
    async withProgress(options, work) {
      progress = await openProgress({ ...options, stream: streams.stderr });
      try {
        return await work(progress);
      } finally {
        const ended = progress;
        progress = undefined;
        ended.stop();
      }
    },
  };
}
