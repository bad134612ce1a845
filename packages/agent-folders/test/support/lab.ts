/** One archived file, the claim rule on it, and writers that act in between. Real files, and a real process that writes. */
import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { FileLook, Files } from "../../src/files.js";
import {
  type ClaimContext,
  type Claimed,
  type ClaimResult,
  claimRule,
  type HeldPart,
  nodeFiles,
} from "../../src/index.js";
import { type Steps, stepped } from "./stepped.js";
import type { WriterProcess } from "./writer.js";

export const ARCHIVED = '{"n":0,"head":true}\n{"n":1}\n{"n":2}\n';
const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const QUIET: Steps = { before: async () => undefined };

export class Lab {
  readonly root: string;
  readonly place: string;
  readonly writer: WriterProcess;
  /** Whether the machine shows who has a file open. */
  readonly shows: boolean;
  #now = START;
  #ids = 0;
  #archived: FileLook | undefined;
  /** Identity of the file that the writer has open. */
  #open: unknown;

  /** A machine that is wrong about who has the file open. */
  isWrong = false;

  constructor(root: string, writer: WriterProcess, shows: boolean) {
    this.root = root;
    this.place = `${root}/p/s.jsonl`;
    this.writer = writer;
    this.shows = shows;
  }

  async start(): Promise<void> {
    await mkdir(`${this.root}/p`, { recursive: true });
    await writeFile(this.place, ARCHIVED, { mode: 0o600 });
    // To the second, so that a writer can give it exactly this time again.
    await utimes(this.place, 1_700_000_000, 1_700_000_000);
    this.#archived = await this.look();
  }

  claimed(look: FileLook): Claimed {
    return { root: this.root, path: "p/s.jsonl", look, ...extent(ARCHIVED) };
  }

  async look(): Promise<FileLook> {
    const look = await nodeFiles().look(this.place);
    if (!look) throw new Error("There is no file.");
    return look;
  }

  context(files: Files, step: <T>(run: () => Promise<T>) => Promise<T>): ClaimContext {
    return {
      files,
      now: () => this.#now,
      randomId: () => (++this.#ids).toString(16).padStart(16, "0"),
      check: {
        writers: (look) =>
          step(async () => {
            if (!this.shows) return "unknown";
            return look.identity === this.#open && !this.isWrong ? "somebody" : "nobody";
          }),
      },
    };
  }

  /** For calls that nothing disturbs. */
  quiet(files: Files = nodeFiles()): ClaimContext {
    return this.context(files, (run) => run());
  }

  /** Lets time go by, or go back. */
  later(hours: number): void {
    this.#now += hours * HOUR;
  }

  async claim(steps: Steps = QUIET): Promise<{ result: ClaimResult; calls: number }> {
    const claimed = this.claimed(this.#archived ?? (await this.look()));
    const { files, calls, step } = stepped(nodeFiles(), steps);
    const result = await claimRule.claim(this.context(files, step), [claimed], {});
    return { result, calls: calls() };
  }

  /** What a later run does, as often as it takes; each run is some hours later. */
  async finish(runs = 4, steps: Steps = QUIET): Promise<ClaimResult | undefined> {
    let result: ClaimResult | undefined;
    for (let run = 0; run < runs; run++) {
      this.later(25);
      const { files, step } = stepped(nodeFiles(), steps);
      const parts = await this.parts(files);
      if (parts.length === 0) return result;
      result = await claimRule.finish(this.context(files, step), parts, extent(ARCHIVED), {});
    }
    return result;
  }

  async putBack(steps: Steps = QUIET): Promise<ClaimResult | undefined> {
    const { files, step } = stepped(nodeFiles(), steps);
    const parts = await this.parts(files);
    return parts.length === 0 ? undefined : claimRule.putBack(this.context(files, step), parts, {});
  }

  async end(how: "finish" | "putBack", steps: Steps = QUIET): Promise<ClaimResult | undefined> {
    return how === "finish" ? this.finish(4, steps) : this.putBack(steps);
  }

  async parts(files: Files = nodeFiles()): Promise<HeldPart[]> {
    return Array.fromAsync(claimRule.heldParts(files, this.root, {}));
  }

  /** What lies at the place; `undefined` if nothing does. */
  async content(): Promise<string | undefined> {
    return readFile(this.place, "utf8").catch(() => undefined);
  }

  async append(text: string): Promise<void> {
    await this.writer.do({ act: "append", path: this.place, text });
  }

  async open(flags: "a" | "r+" = "a"): Promise<void> {
    this.#open = await this.writer.do({ act: "open", path: this.place, flags });
  }

  async write(text: string): Promise<void> {
    await this.writer.do({ act: "write", text });
  }

  async close(): Promise<void> {
    await this.writer.do({ act: "close" });
    this.#open = undefined;
  }
}

export function extent(text: string): { size: number; crc32: number } {
  return { size: Buffer.byteLength(text), crc32: crc32(text) };
}

/** Acts when the call of this number is about to begin. */
export function at(call: number, act: () => Promise<void>): Steps {
  return { before: async (now) => (now === call ? act() : undefined) };
}
