/** One child process, and the log of its work. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { ChildConfig, Note } from "./protocol.js";

export interface Running {
  readonly config: Omit<ChildConfig, "open">;
  /** Resolves once it has begun its work. Rejects if it ends before. */
  readonly ready: Promise<void>;
  /** Its notes since the last call. */
  notes(): readonly Note[];
  /** Kills it as a crash would, and waits until it is gone. Rejects if it had ended by itself. */
  kill(): Promise<void>;
  /** Waits for its own end. Rejects if it fails. */
  done(): Promise<void>;
}

/** The files from which child processes are started. */
export interface Program {
  /** Path of the script `child.ts`, bundled. */
  readonly child: string;
  /** URL of the module that opens the store, bundled. */
  readonly open: string;
  /** A folder for compiled code. */
  readonly cache: string;
}

export function startChild(config: Omit<ChildConfig, "open">, { child: script, open, cache }: Program): Running {
  const child: ChildProcess = spawn(process.execPath, [script, JSON.stringify({ ...config, open })], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  });
  const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-4000);
  });
  const ended = (code: number | null): Error => new Error(`A ${config.role} ended by itself (${code}).\n${stderr}`);
  const ready = Promise.race([
    once(child.stdout as NonNullable<typeof child.stdout>, "data").then(() => {}),
    exited.then(([code]) => Promise.reject(ended(code))),
  ]);
  ready.catch(() => {}); // callers that wait for it still see the failure
  const log = logIn(config.log);
  return {
    config,
    ready,
    notes: log.next,
    async kill() {
      child.kill("SIGKILL");
      const [code, signal] = await exited;
      log.close();
      if (signal !== "SIGKILL") throw ended(code);
    },
    async done() {
      const [code] = await exited;
      log.close();
      if (code !== 0) throw ended(code);
    },
  };
}

/** Reads on, line by line. Notes from before a kill can be read after it. */
function logIn(path: string): { next(): readonly Note[]; close(): void } {
  const fd = openSync(path, "a+");
  const buffer = Buffer.alloc(65_536);
  // A read may end within a character: at the end of the buffer, or in the middle of a write.
  const decoder = new StringDecoder("utf8");
  let at = 0;
  let rest = "";
  let closed = false;
  const next = (): readonly Note[] => {
    for (let length = -1; length !== 0 && !closed; ) {
      length = readSync(fd, buffer, 0, buffer.length, at);
      rest += decoder.write(buffer.subarray(0, length));
      at += length;
    }
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    return lines.map((line) => JSON.parse(line) as Note);
  };
  return {
    next,
    close() {
      // The rest is for a last call of `next`.
      const last = next();
      rest = last.map((note) => `${JSON.stringify(note)}\n`).join("") + rest;
      closed = true;
      closeSync(fd);
    },
  };
}
