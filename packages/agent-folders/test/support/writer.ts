/** A process that writes to a file as agents do. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface Act {
  readonly act: "append" | "open" | "write" | "close" | "replace" | "overwrite" | "exchange" | "rewrite" | "change";
  readonly path?: string;
  readonly text?: string;
  readonly flags?: "a" | "r+";
  readonly keepMtime?: boolean;
}

export interface WriterProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it answers; for `open`, the identity of the file. */
  do(act: Act): Promise<unknown>;
}

export function startWriter(user: { uid?: number | undefined; gid?: number | undefined } = {}): WriterProcess {
  const script = fileURLToPath(new URL("writer-program.mjs", import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"], ...user });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, "exit");
  return {
    pid: child.pid ?? 0,
    async do(act) {
      child.stdin.write(`${JSON.stringify(act)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error("The writer has ended.");
      return JSON.parse(value);
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exit;
    },
  };
}
