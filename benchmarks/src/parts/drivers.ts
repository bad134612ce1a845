/** Compares the SQLite store on `node:sqlite` and on `better-sqlite3`. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Contender, runRounds } from "../measure/rounds.js";
import { task } from "../measure/task.js";
import { sessionId } from "../ours/import-files.js";
import type { ReadParams } from "../ours/read.js";
import type { Where } from "../ours/stores.js";
import { append } from "./appends.js";
import { archive, archiving, importFiles, megabytes, type Seconds } from "./contenders.js";
import type { Bench, Part } from "./part.js";

const read = task<ReadParams, Seconds>("ours/read.js");

const DRIVERS = { "node:sqlite": "sqlite", "better-sqlite3": "better-sqlite3" } as const;
const APPENDS = { appends: 100_000, recorders: 100, atOnce: 10 };

export const driversPart: Part = {
  name: "drivers",
  about: "the SQLite store on better-sqlite3, against node:sqlite",
  async run(bench) {
    const contenders: Contender[] = [];
    for (const make of [archives, reads, appends]) {
      for (const [name, live] of Object.entries(DRIVERS)) contenders.push(await make(name, live, bench));
    }
    return {
      part: "drivers",
      title: "The SQLite store on two libraries: archive within it, read to the end, 500-byte appends; zlib codec",
      series: await runRounds(contenders, bench.rounds, bench.scratch),
      claims: [],
    };
  },
};

type Live = Where["live"];

async function archives(name: string, live: Live, { data, scratch }: Bench): Promise<Contender> {
  const where: Where = { folder: join(scratch, "archive"), live, sink: "live", codec: "zlib" };
  return archiving(`archive, ${name}`, await data.large(), where);
}

async function reads(name: string, live: Live, { data, scratch }: Bench): Promise<Contender> {
  const file = await data.large();
  const where: Where = { folder: join(scratch, `read-${live}`), live, sink: "live", codec: "zlib" };
  const about = { where, id: sessionId(file.path), bytes: file.bytes };
  await importFiles({ where, files: [file] });
  await archive(about);
  return { name: `read, ${name}`, work: megabytes(file.bytes), run: () => read(about) };
}

async function appends(name: string, live: Live, { scratch }: Bench): Promise<Contender> {
  const where: Where = { folder: join(scratch, "appends"), live, sink: "live", codec: "zlib", synchronous: "normal" };
  return {
    name: `appends, ${name}`,
    work: { amount: APPENDS.appends, unit: "appends" },
    run: () => append({ where, ...APPENDS }).finally(() => rm(where.folder, { recursive: true, force: true })),
  };
}
