/** The arguments after `npm run bench --`. */
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { parseSize } from "./data/size.js";
import { defaultSource, type Source } from "./data/sources.js";
import { PARTS, partsNamed } from "./parts/index.js";
import type { Part } from "./parts/part.js";

export interface BenchOptions {
  readonly parts: readonly Part[];
  readonly size: number;
  readonly rounds: number;
  /** Ascending numbers of sessions. */
  readonly sessions: readonly number[];
  readonly source: Source;
  /** The folder for data and stores. */
  readonly folder: string;
  /** Whether missed targets make the run fail. */
  readonly strict: boolean;
  readonly help: boolean;
}

const OPTIONS = {
  size: { type: "string", default: "256MB" },
  rounds: { type: "string", default: "5" },
  sessions: { type: "string", default: "100,1000" },
  source: { type: "string", default: defaultSource() },
  folder: { type: "string", default: process.env["BENCH_DIR"] ?? tmpdir() },
  strict: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Throws for an unknown option or a value that isn't allowed. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const { source, folder, strict, help } = values;
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds > 0)) throw new Error(`Rounds are a number from 1, not "${values.rounds}".`);
  if (source !== "corpus" && source !== "generator") {
    throw new Error(`The source of the data is "corpus" or "generator", not "${source}".`);
  }
  const sessions = values.sessions.split(",").map(Number);
  if (sessions.some((count, i) => !(Number.isInteger(count) && count > (sessions[i - 1] ?? 0)))) {
    throw new Error(`Numbers of sessions ascend from 1, such as 100,1000, not "${values.sessions}".`);
  }
  return {
    parts: partsNamed(positionals),
    size: parseSize(values.size),
    rounds,
    sessions,
    source,
    folder,
    strict,
    help,
  };
}

export function usage(): string {
  const names = PARTS.map(({ name, about, optIn }) => `  ${name.padEnd(16)}${about}${optIn ? " (only if named)" : ""}`);
  return `npm run bench -- [PART ...] [OPTIONS]

${names.join("\n")}

  --size SIZE     of the data, for instance 1GB; 256MB if not given
  --rounds N      turns of each contender; 5 if not given
  --sessions N,N  of growth and sessions-memory: the numbers of sessions to compare; 100,1000 if not given
  --source WHAT   corpus: real sessions, repeated; generator: made up. The corpus if there is one
  --folder DIR    keeps the data, and holds the stores; or BENCH_DIR; the system's temporary folder if not given
  --strict        fails if a target is missed`;
}
