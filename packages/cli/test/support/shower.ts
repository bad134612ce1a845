/** Shows sessions that lie in memory, without a store on disk. */
import { zlibCodec } from "@session-archiver/codec-zlib";
import { type Archiver, bytesOf, createArchiver, memoryPorts, type Ports } from "@session-archiver/core";
import { transcriptDescriber } from "@session-archiver/transcripts";
import type { CommandContext } from "../../src/command.js";
import { endingOf } from "../../src/exit.js";
import { type OutputOptions, openOutput } from "../../src/output/output.js";
import type { ShowOptions } from "../../src/show/options.js";
import { show } from "../../src/show/show.js";
import { placesOf } from "../../src/stores/places.js";
import { Sink } from "./sink.js";

export interface Shown {
  readonly exitCode: number;
  readonly text: string;
  readonly stderr: string;
}

export interface Manner extends OutputOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly json?: boolean;
}

export interface Shower {
  readonly archiver: Archiver;
  readonly ports: Ports;
  put(id: string, output: string | Uint8Array): Promise<void>;
  show(id: string | undefined, options?: ShowOptions, manner?: Manner): Promise<Shown>;
}

/** `around`: puts something between the archiver and its stores. */
export function newShower(around: (ports: Ports) => Ports = (ports) => ports): Shower {
  const ports = around(memoryPorts());
  const archiver = createArchiver({ ...ports, codec: zlibCodec(), describe: transcriptDescriber() });
  return {
    archiver,
    ports,
    async put(id, output) {
      await archiver.import(id, bytesOf(typeof output === "string" ? new TextEncoder().encode(output) : output));
    },
    async show(id, options = {}, { env = {}, json = false, ...given } = {}) {
      const io = { stdout: new Sink(), stderr: new Sink(), env, cwd: "/" };
      const output = openOutput(io, json, () => given);
      const { signal } = new AbortController();
      const stores = { paths: [], previous: () => [], reclaim: async () => 0, erase: nothing };
      const context: CommandContext = {
        ...{ archiver, stores, output, signal, env, stdin: undefined, terminal: false, cwd: "/", unreadable: [] },
        places: placesOf({ home: "/home", cwd: "/", env: {} }),
        ...{ now: Date.now, tellsRevived() {}, warn() {}, listen() {} },
      };
      const exitCode = await show(context, id, options).then(
        (isWell) => (isWell ? 0 : 1),
        (error: unknown) => {
          const ending = endingOf(error, io);
          for (const line of ending.lines) io.stderr.write(`${line}\n`);
          return ending.exitCode;
        },
      );
      return { exitCode, text: io.stdout.bytes.toString(), stderr: io.stderr.bytes.toString() };
    },
  };
}

async function nothing(): Promise<never> {
  throw new Error("A command that only reads erases nothing.");
}

/** Records as lines. */
export function linesOf(records: readonly unknown[]): string {
  return records.map((record) => `${typeof record === "string" ? record : JSON.stringify(record)}\n`).join("");
}
