/** Passes output through a pager, as git does: `less` unless another is named. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { CliIo } from "../io.js";
import { writeTo } from "./pipe.js";

export interface Pager {
  /** Resolves once the pager has taken the chunk; rejects with `ClosedPipe` once it has ended. */
  write(chunk: Uint8Array | string): Promise<void>;
  /** Aborted when the pager ends before the output does. */
  readonly quit: AbortSignal;
  /** Resolves once the pager has ended: people have seen enough. */
  end(): Promise<void>;
}

type Streams = Pick<CliIo, "stdout" | "stderr" | "env">;

/** The command that the environment asks for; `undefined` for none. An empty one, and `cat`, mean none. */
export function pagerCommand(env: CliIo["env"]): string | undefined {
  // On a terminal that can't move its cursor, less would only get in the way.
  const usual = env["TERM"] === "dumb" ? "" : "less -FRX";
  const command = (env["SESSION_ARCHIVER_PAGER"] ?? env["PAGER"] ?? usual).trim();
  return command === "" || command === "cat" ? undefined : command;
}

/** As much output is kept for the case that there is no such pager. */
const KEPT_BYTES = 1024 * 1024;

/** `undefined` if there is no such program. `signal`: ends the pager. */
export async function startPager(command: string, io: Streams, signal: AbortSignal): Promise<Pager | undefined> {
  const child = started(command, io);
  const { stdin } = child;
  const ended = new Promise<number | null>((resolve) => void child.once("close", resolve));
  const isRunning = await new Promise<boolean>((resolve) => {
    child.once("spawn", () => resolve(true));
    child.on("error", () => resolve(false));
  });
  if (!isRunning || !stdin) return undefined;
  // Each write reports its own failure.
  stdin.on("error", () => {});
  const stop = (): void => void child.kill();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  const quit = new AbortController();
  let kept: (Uint8Array | string)[] | undefined = [];
  let keptBytes = 0;
  let isDirect = false;

  /** A shell says so where it finds no such program. */
  const isMissing = (code: number | null): boolean => (code === 126 || code === 127) && kept !== undefined;
  const toStdout = async (): Promise<void> => {
    isDirect = true;
    for (const chunk of kept ?? []) await writeTo(io.stdout, chunk);
  };
  ended.then((code) => {
    signal.removeEventListener("abort", stop);
    if (!isMissing(code)) quit.abort();
  });
  return {
    quit: quit.signal,
    async write(chunk) {
      if (isDirect) return writeTo(io.stdout, chunk);
      keptBytes += chunk.length;
      if (keptBytes > KEPT_BYTES) kept = undefined;
      kept?.push(chunk);
      try {
        await writeTo(stdin, chunk);
      } catch (error) {
        if (!isMissing(await ended)) throw error;
        await toStdout();
      }
    },
    async end() {
      stdin.end();
      if (isMissing(await ended) && !isDirect) await toStdout();
    },
  };
}

/** What only a shell understands. */
const FOR_SHELL = /["'\\`$|&;<>()*?[\]#~=%\n]/;

function started(command: string, { stdout, stderr, env }: Streams): ChildProcess {
  const [program = "", ...args] = FOR_SHELL.test(command) ? [command] : command.split(/\s+/);
  const child = spawn(program, args, {
    shell: FOR_SHELL.test(command),
    // Less ends where all fits on one screen, passes colours, and leaves the text on the screen. Lv passes colours.
    env: { ...env, LESS: env["LESS"] ?? "FRX", LV: env["LV"] ?? "-c" },
    stdio: ["pipe", placeOf(stdout), placeOf(stderr)],
  });
  pass(child.stdout, stdout);
  pass(child.stderr, stderr);
  return child;
}

/** The terminal itself, or a pipe where a host passes a stream of its own. */
function placeOf(stream: Writable): number | "pipe" {
  return "fd" in stream && typeof stream.fd === "number" ? stream.fd : "pipe";
}

function pass(from: Readable | null, to: Writable): void {
  from?.pipe(to, { end: false });
}
