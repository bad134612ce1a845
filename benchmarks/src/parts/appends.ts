/** The write path: appends of 500 bytes through recorders into SQLite, synchronous=NORMAL, each awaited until committed. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Contender, runRounds } from "../measure/rounds.js";
import { type Task, task } from "../measure/task.js";
import type { AppendParams } from "../ours/appends.js";
import type { Where } from "../ours/stores.js";
import type { InsertParams } from "../peers/sqlite-inserts.js";
import type { Claim } from "../report/series.js";
import type { Seconds } from "./contenders.js";
import type { Part } from "./part.js";

type Pattern = Omit<AppendParams, "where">;

export const append: Task<AppendParams, Seconds> = task("ours/appends.js");
const insert = task<InsertParams, Seconds>("peers/sqlite-inserts.js");

const ONE_BY_ONE: Readonly<Record<string, Pattern>> = {
  "1 recorder, one by one": { appends: 20_000, recorders: 1, atOnce: 1 },
  "100 recorders, one by one": { appends: 100_000, recorders: 100, atOnce: 1 },
  "1,000 recorders, one by one": { appends: 100_000, recorders: 1000, atOnce: 1 },
};
const TOGETHER: Readonly<Record<string, Pattern>> = {
  "1 recorder, 100 at once": { appends: 200_000, recorders: 1, atOnce: 100 },
  "100 recorders, 10 at once": { appends: 200_000, recorders: 100, atOnce: 10 },
};
/** The target for appends that arrive together. */
const PER_SECOND = 50_000;

export const appendsPart: Part = {
  name: "appends",
  about: "appends of 500 bytes through recorders into SQLite",
  unsized: true,
  async run({ rounds, scratch }) {
    const folder = join(scratch, "store");
    const clean = <T>(work: Promise<T>): Promise<T> => work.finally(() => rm(folder, { recursive: true, force: true }));
    const where: Where = { folder, live: "sqlite", sink: "live", codec: "fflate", synchronous: "normal" };
    const ours = Object.entries({ ...ONE_BY_ONE, ...TOGETHER }).map(
      ([name, pattern]): Contender => ({
        name,
        work: { amount: pattern.appends, unit: "appends" },
        run: () => clean(append({ where, ...pattern })),
      }),
    );
    const peers = [1, 100].map(
      (perTransaction): Contender => ({
        name: `node:sqlite alone, ${perTransaction} a transaction`,
        work: { amount: 100_000, unit: "appends" },
        run: () => clean(insert({ folder, rows: 100_000, perTransaction })),
      }),
    );
    return {
      part: "appends",
      title: "Appends of 500 bytes through recorders, SQLite, synchronous=NORMAL, each awaited until committed",
      series: await runRounds([...ours, ...peers], rounds, scratch),
      claims: Object.keys(TOGETHER).map((of): Claim => ({ kind: "rate", of, atLeast: PER_SECOND })),
    };
  },
};
