/** One large session through the command line, each step in a process of its own: time and peak memory. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { DataFile } from "../data/data-set.js";
import { type CliRun, runCli } from "../measure/cli.js";
import { settleDisk } from "../measure/rounds.js";
import type { Series } from "../report/series.js";
import { megabytes } from "./contenders.js";
import type { Part } from "./part.js";
import { littleMemory } from "./targets.js";

const STORES = ["sqlite", "fs"] as const;

export const memoryPart: Part = {
  name: "memory",
  about: "one large session through every step of the command line: time and peak memory; one round",
  optIn: true,
  async run({ data, scratch }) {
    const file = await data.large();
    const sha256 = await hashOf(file.path);
    const series: Series[] = [];
    for (const store of STORES) series.push(...(await steps(store, file, sha256, join(scratch, store))));
    return {
      part: "memory",
      title: "One large session through the command line, each step in a process of its own",
      series,
      claims: littleMemory(...series.map(({ name }) => name)),
    };
  },
};

async function steps(
  store: (typeof STORES)[number],
  file: DataFile,
  sha256: string,
  home: string,
): Promise<readonly Series[]> {
  const where = ["--home", home, ...(store === "fs" ? ["--store", `fs:${join(home, "store")}`] : [])];
  const series: Series[] = [];
  const step = async (name: string, ...args: string[]): Promise<CliRun> => {
    const run = await runCli([...where, ...args]);
    const { seconds, peakMiB } = run;
    const peaksMiB = peakMiB === undefined ? [] : [peakMiB];
    const work = args.includes("--tail") ? undefined : megabytes(file.bytes);
    series.push({ name: `${store}: ${name}`, unit: "s", samples: [seconds], work, peaksMiB });
    settleDisk(home);
    return run;
  };
  const checked = async (name: string): Promise<void> => {
    const run = await step(name, "cat", "large");
    if (run.sha256 !== sha256) throw new Error(`${store}: ${name} gave other bytes than the original.`);
  };
  await step("import", "import", file.path);
  await step("archive", "archive", "large");
  await checked("read");
  await step("tail of 100 lines", "cat", "large", "--tail", "100");
  await step("verify", "verify", "large");
  await step("restore", "restore", "large");
  await checked("read live");
  return series;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
