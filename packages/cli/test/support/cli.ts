/** Runs the program inside the test, in a temporary folder. Whatever it prints is looked at: see `harmless.ts`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { CliIo } from "../../src/io.js";
import { runCli } from "../../src/run-cli.js";
import { assertHarmless, isRaw } from "./harmless.js";
import { Sink } from "./sink.js";

export { Sink };

export interface Run {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly text: string;
  readonly stderr: string;
  /** The JSON document on stdout. */
  json<T>(): T;
}

export interface Cli {
  /** The folder in which the command runs. */
  readonly folder: string;
  run(...words: string[]): Promise<Run>;
  /** The same with another environment. */
  runWith(io: Partial<CliIo>, ...words: string[]): Promise<Run>;
}

/** An empty folder, deleted at the end of the test. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "session-archiver-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The same with empty stores. */
export async function newEmptyStore(...always: string[]): Promise<Cli> {
  const cli = await newCli(...always);
  const { exitCode, stderr } = await cli.run("sweep");
  if (exitCode !== 0) throw new Error(stderr);
  return cli;
}

const COLORED = ["FORCE_COLOR", "CLICOLOR_FORCE"];
const isColorFlag = (word: string): boolean => word.startsWith("--color");

/** `always` are arguments before those of every command, such as `--store fs:x`. */
export async function newCli(...always: string[]): Promise<Cli> {
  const folder = await newFolder();
  const runWith = async (io: Partial<CliIo>, ...words: string[]): Promise<Run> => {
    const stdout = new Sink();
    const stderr = new Sink();
    const agents = { CLAUDE_CONFIG_DIR: join(folder, ".claude"), CODEX_HOME: join(folder, ".codex") };
    const env = { SESSION_ARCHIVER_HOME: "home", ...agents };
    const exitCode = await runCli([...always, ...words], { stdout, stderr, env, cwd: folder, ...io });
    const given: CliIo["env"] = io.env ?? env;
    const isColored = COLORED.some((name) => given[name] !== undefined) || words.some(isColorFlag);
    for (const [name, stream] of Object.entries({ stdout, stderr, ...io })) {
      if (!(stream instanceof Sink) || (name === "stdout" && isRaw(words))) continue;
      assertHarmless(stream.bytes, `${name} of ${JSON.stringify(words)}`, {
        isTerminal: "isTTY" in stream && stream.isTTY === true,
        isColored,
      });
    }
    return {
      exitCode,
      stdout: stdout.bytes,
      text: stdout.bytes.toString(),
      stderr: stderr.bytes.toString(),
      json: () => JSON.parse(stdout.bytes.toString()),
    };
  };
  return { folder, runWith, run: (...words) => runWith({}, ...words) };
}
