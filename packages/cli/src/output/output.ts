/** A command's output: its result on stdout, everything else on stderr. */
import { hasCode } from "@session-archiver/core";
import type { CliIo } from "../io.js";
import { isTerminal, openProgress } from "./open-progress.js";
import type { Pager } from "./pager.js";
import { ClosedPipe, writeTo } from "./pipe.js";
import { NO_PROGRESS, type Progress, type ProgressOptions } from "./progress.js";
import { type ColorChoice, type Style, styleFor, usesColor } from "./style.js";
import { jsonText, printable, printableOutput } from "./text.js";
import { columnsOf } from "./width.js";

/** What the program's own flags say of the output. */
export interface OutputOptions {
  readonly color?: ColorChoice;
  readonly pager?: boolean;
}

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
  /** Columns for text on stdout. */
  readonly columns: number;
  /** Whether people see stdout as it is printed. */
  readonly isTerminal: boolean;
  /** The same for lines that programs may read: without end where stdout is no terminal, unless `$COLUMNS` says. */
  readonly lineColumns: number;
  /** Styles text for stdout. */
  readonly style: Style;
  /**
   * Does work that prints for people: on a terminal through a pager, unless `--json` or `--no-pager` was given. Work gets
   * a signal that is aborted, too, when people quit the pager; then this rejects with `ClosedPipe`. Ends when the
   * pager has. Until then notes wait, Ctrl-C is the pager's, and no progress is shown.
   */
  paged<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Prints a line on stderr. */
  note(line: string): void;
  /** Runs `work` with a progress display; meanwhile, notes go through the display. */
  withProgress<T>(options: Omit<ProgressOptions, "stream">, work: (progress: Progress) => Promise<T>): Promise<T>;
}

/** `options`: known once the words have been parsed. */
export function openOutput(
  io: Pick<CliIo, "stdout" | "stderr" | "leaveInterrupts"> & Partial<Pick<CliIo, "env">>,
  json: boolean,
  options: () => OutputOptions = () => ({}),
): Output {
  const { env = {} } = io;
  let progress: Progress | undefined;
  let pager: Pager | undefined;
  let waiting: string[] | undefined;
  let begun = false;
  const write = (chunk: Uint8Array | string): Promise<void> => {
    begun = true;
    return pager ? pager.write(chunk) : writeTo(io.stdout, chunk);
  };
  const note = (line: string): void => {
    if (waiting) waiting.push(line);
    else if (progress) progress.note(line);
    else io.stderr.write(`${printable(line)}\n`);
  };
  const isColored = (): boolean => usesColor(io.stdout, env, options().color);
  /** Loaded only for people. */
  const openPager = async (signal: AbortSignal): Promise<Pager | undefined> => {
    if (json || options().pager === false || !isTerminal(io.stdout)) return undefined;
    const { pagerCommand, startPager } = await import("./pager.js");
    const command = pagerCommand(env);
    return command === undefined ? undefined : startPager(command, { ...io, env }, signal);
  };
  return {
    json,
    get begun() {
      return begun;
    },
    get columns() {
      return columnsOf(io.stdout, env);
    },
    get lineColumns() {
      return isTerminal(io.stdout) || env["COLUMNS"] ? columnsOf(io.stdout, env) : Number.POSITIVE_INFINITY;
    },
    get isTerminal() {
      return isTerminal(io.stdout);
    },
    get style() {
      return styleFor(isColored());
    },
    async result(document, text) {
      const whole = json
        ? jsonText(document)
        : printableOutput(typeof text === "string" ? text : await text(), isColored());
      if (whole !== "") await write(whole.endsWith("\n") ? whole : `${whole}\n`);
    },
    raw: write,
    note,
    async paged(signal, work) {
      pager = await openPager(signal);
      if (!pager) return work(signal);
      const takeBack = io.leaveInterrupts?.();
      const { quit } = pager;
      const late: string[] = [];
      waiting = late;
      try {
        return await work(AbortSignal.any([signal, quit]));
      } catch (error) {
        throw quit.aborted && hasCode(error, "ABORTED") ? new ClosedPipe() : error;
      } finally {
        await pager.end();
        takeBack?.();
        pager = undefined;
        waiting = undefined;
        for (const line of late) note(line);
      }
    },
    async withProgress(options, work) {
      progress = waiting ? NO_PROGRESS : await openProgress({ ...options, stream: io.stderr });
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
