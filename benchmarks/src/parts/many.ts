/** Measures a sweep of a few idle sessions among many that have nothing to do. */
import { join } from "node:path";
import { type Contender, runRounds } from "../measure/rounds.js";
import { task } from "../measure/task.js";
import type { OtherSessionsParams } from "../ours/other-sessions.js";
import type { SweepTenParams } from "../ours/sweep-ten.js";
import type { Seconds } from "./contenders.js";
import type { Part } from "./part.js";

const makeOtherSessions = task<OtherSessionsParams, object>("ours/other-sessions.js");
const sweepTen = task<SweepTenParams, Seconds>("ours/sweep-ten.js");

const FEW = 1000;
const MANY = 1_000_000;
const MOST_TIMES = 3;

export const manyPart: Part = {
  name: "many",
  about: "sweep 10 idle sessions among 1,000,000, against 10 among 1,000, in SQLite",
  optIn: true,
  unsized: true,
  async run({ rounds, scratch }) {
    const contenders: Contender[] = [];
    for (const sessions of [FEW, MANY]) {
      const file = join(scratch, `${sessions}.db`);
      await makeOtherSessions({ file, sessions });
      for (const overTheCap of [false, true]) {
        contenders.push({ name: nameOf(sessions, overTheCap), run: () => sweepTen({ file, overTheCap }) });
      }
    }
    return {
      part: "many",
      title: "A sweep of 10 idle sessions among others, SQLite, durable",
      series: await runRounds(contenders, rounds, scratch),
      claims: [false, true].map((overTheCap) => ({
        kind: "speed",
        of: nameOf(MANY, overTheCap),
        than: nameOf(FEW, overTheCap),
        atLeast: 1 / MOST_TIMES,
      })),
    };
  },
};

function nameOf(sessions: number, overTheCap: boolean): string {
  return `among ${sessions.toLocaleString("en")}${overTheCap ? ", over the byte cap" : ""}`;
}
