/** All that a run touches of the process it runs in, so that it can run inside any. */
import type { Readable, Writable } from "node:stream";

export interface CliIo {
  readonly stdout: Writable;
  /** Shows bars if its `isTTY` is true, plain lines otherwise. */
  readonly stderr: Writable;
  /** Read only if a command is told to (`-`), or has to ask. */
  readonly stdin?: Readable | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths are relative to. */
  readonly cwd: string;
  /** Once aborted, the run stops as soon as all is consistent. The reason `"SIGTERM"` changes the exit code to 143. */
  readonly signal?: AbortSignal | undefined;
  /** Unix ms; `Date.now` if not given. */
  readonly now?: (() => number) | undefined;
}
