/** How costs grow with the number of sessions, and with the rounds of one session. */
import { join } from "node:path";
import { type Grown, growthTable, roundsTable } from "../growth/growth-table.js";
import type { RoundCosts } from "../growth/rounds.js";
import { type Task, task } from "../measure/task.js";
import type { GrowthParams } from "../ours/growth.js";
import type { RoundsParams } from "../ours/growth-rounds.js";
import type { Where } from "../ours/stores.js";
import type { ReportTable } from "../report/series.js";
import type { Part } from "./part.js";

const grow: Task<GrowthParams, Pick<Grown, "costs">> = task("ours/growth.js");
const growRounds: Task<RoundsParams, { readonly rounds: readonly RoundCosts[] }> = task("ours/growth-rounds.js");

const STORES: Readonly<Record<string, Pick<Where, "live" | "sink">>> = {
  SQLite: { live: "sqlite", sink: "live" },
  "SQLite, archives in files": { live: "sqlite", sink: "fs" },
  "plain files": { live: "fs", sink: "live" },
};
const ROUNDS = [50, 200];
const ROUND_BYTES = 10e6;

export const growthPart: Part = {
  name: "growth",
  about: "how costs grow with sessions (--sessions) and with rounds, by counts",
  optIn: true,
  unsized: true,
  async run({ sessions, scratch }) {
    const tables: ReportTable[] = [];
    for (const [name, stores] of Object.entries(STORES)) {
      const where: Where = { folder: join(scratch, "store"), codec: "zlib", ...stores };
      const grown: Grown[] = [];
      for (const count of sessions) grown.push({ sessions: count, ...(await grow({ where, sessions: count })) });
      tables.push(growthTable(name, grown));
      for (const rounds of ROUNDS) {
        const done = await growRounds({ where, rounds, bytes: ROUND_BYTES });
        tables.push(roundsTable(name, ROUND_BYTES, done.rounds));
      }
    }
    return {
      part: "growth",
      title: "Growth of costs: exponents are 0 for what stays, 1 for what is linear, 2 for what is quadratic",
      series: [],
      claims: [],
      tables,
    };
  },
};
