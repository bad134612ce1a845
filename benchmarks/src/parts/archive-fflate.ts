/** Archives with the codec that runs everywhere, on one thread. */
import { join } from "node:path";
import { runRounds } from "../measure/rounds.js";
import { archiving, codecInMemory, oneStreamInMemory } from "./contenders.js";
import type { Part } from "./part.js";
import { littleMemory } from "./targets.js";

const OURS = "ours, SQLite to fs, fflate";
const GZIP = "fflate gzipSync, in memory";

export const archiveFflatePart: Part = {
  name: "archive-fflate",
  about: "the same with the fflate codec, on one thread, against fflate itself",
  async run({ data, rounds, scratch }) {
    const file = await data.large();
    const contenders = [
      archiving(OURS, file, { folder: join(scratch, "store"), live: "sqlite", sink: "fs", codec: "fflate" }),
      oneStreamInMemory(GZIP, file, "fflate"),
      codecInMemory("fflate codec alone, in memory", file, "fflate"),
    ];
    return {
      part: "archive-fflate",
      title: "Archiving one large session, verified and durable; fflate codec, one thread",
      series: await runRounds(contenders, rounds, scratch),
      claims: [{ kind: "speed", of: OURS, than: GZIP, atLeast: 0.9 }, ...littleMemory(OURS)],
    };
  },
};
