/** Sweeps many sessions, each from a file, beside packing the same files with tar; both durable. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { DataFolder } from "../data/data-set.js";
import { type Contender, runRounds, settleDisk } from "../measure/rounds.js";
import { task } from "../measure/task.js";
import type { Where } from "../ours/stores.js";
import type { SweepParams } from "../ours/sweep.js";
import { tarGzip } from "../peers/tools.js";
import type { Claim, PartReport, Work } from "../report/series.js";
import { importFiles, megabytes, type Seconds } from "./contenders.js";
import type { Bench, Part } from "./part.js";
import { littleMemory } from "./targets.js";

const sweep = task<SweepParams, Seconds>("ours/sweep.js");

const OURS: Readonly<Record<string, Pick<Where, "live" | "sink">>> = {
  "ours, within SQLite": { live: "sqlite", sink: "live" },
  "ours, SQLite to fs": { live: "sqlite", sink: "fs" },
  "ours, fs to fs": { live: "fs", sink: "fs" },
};
const NAMES = Object.keys(OURS);
const MOST_SMALL = 10_000;
const SMALL_BYTES = 20_000;
const SMALL_PER_SECOND = 500;

export const smallPart: Part = {
  name: "small",
  about: "sweep 10,000 sessions of 20 kB, against tar | gzip",
  async run(bench) {
    const count = Math.min(MOST_SMALL, Math.ceil(bench.data.size / SMALL_BYTES));
    const sessions = await bench.data.small(count);
    const title = `Sweeping ${count.toLocaleString("en")} sessions of 20 kB, durably; zlib codec`;
    const claims: readonly Claim[] = NAMES.map((of) => ({ kind: "rate", of, atLeast: SMALL_PER_SECOND }));
    return report(bench, "small", title, sessions, { amount: count, unit: "sessions" }, claims);
  },
};

export const sessionsPart: Part = {
  name: "sessions",
  about: "sweep sessions of all sizes, against tar | gzip",
  async run(bench) {
    const sessions = await bench.data.sessions();
    const title = `Sweeping ${sessions.files.length.toLocaleString("en")} sessions of all sizes, durably; zlib codec`;
    return report(bench, "sessions", title, sessions, megabytes(sessions.bytes), []);
  },
};

async function report(
  { rounds, scratch }: Bench,
  part: string,
  title: string,
  sessions: DataFolder,
  work: Work,
  claims: readonly Claim[],
): Promise<PartReport> {
  const ours = Object.entries(OURS).map(([name, stores]): Contender => {
    const where: Where = { folder: join(scratch, "store"), codec: "zlib", ...stores };
    return { name, work, run: () => sweeping(where, sessions) };
  });
  const peers = ["gzip -6", "pigz -6 -p2"].map((compress) =>
    tarGzip(compress, sessions.folder, { work, scratch, durable: true }),
  );
  const series = await runRounds([...ours, ...peers], rounds, scratch);
  return { part, title, series, claims: [...claims, ...littleMemory(...NAMES)] };
}

async function sweeping(where: Where, { files }: DataFolder): Promise<Seconds> {
  try {
    await importFiles({ where, files });
    settleDisk(where.folder);
    return await sweep({ where, sessions: files.length });
  } finally {
    await rm(where.folder, { recursive: true, force: true });
  }
}
