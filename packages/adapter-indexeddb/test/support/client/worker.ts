/** The worker: runs a test's commands on stores in IndexedDB, several at a time. */
import { codeOf } from "@session-archiver/core";
import { crashCommands } from "./crash-commands.js";
import { fullStoreCommands } from "./full-store.js";
import type { Answer } from "./page.js";
import { raceCommands } from "./race-commands.js";
import { storeCommands } from "./store-commands.js";

const commands = { ...storeCommands, ...crashCommands, ...raceCommands, ...fullStoreCommands };
export type Commands = typeof commands;

interface Request {
  readonly call: number;
  readonly command: keyof Commands;
  readonly args: readonly never[];
}

self.addEventListener("message", async ({ data }: MessageEvent<Request>) => {
  const { call, command, args } = data;
  const run = commands[command] as (...args: readonly never[]) => Promise<unknown>;
  let answer: Answer;
  try {
    answer = { value: await run(...args) };
  } catch (error) {
    answer = {
      // The stack alone says what the error is only in Chromium.
      error: {
        message: error instanceof Error ? `${error.message}\n${error.stack}` : String(error),
        code: codeOf(error),
      },
    };
  }
  self.postMessage({ call, answer });
});
