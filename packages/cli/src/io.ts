/** Everything that a run uses of its process, so that it can run inside any. */
import type { Readable, Writable } from "node:stream";

export interface CliIo {
  readonly stdout: Writable;
  /** Shows bars if its `isTTY` is true, plain lines otherwise. */
  readonly stderr: Writable;
  /** Read only if a command's arguments ask for it (`-`), or if the command has a question. */
  readonly stdin?: Readable | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here. */
  readonly cwd: string;
  /**
   * Once aborted, the run stops as soon as everything is consistent. The reason `"SIGTERM"` changes the exit code to
   * 143.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Ctrl-C no longer aborts the signal, because it is meant for another program on the terminal, until the returned
   * function is called. Calling it again does nothing.
   */
  readonly leaveInterrupts?: (() => () => void) | undefined;
  /** Unix ms; `Date.now` by default. */
  readonly now?: (() => number) | undefined;
}
