/** Archives one large session, verified and durable, beside compressing the same bytes as a file. */
import { join } from "node:path";
import { runRounds } from "../measure/rounds.js";
import { toolOn } from "../peers/tools.js";
import { archiving, codecInMemory, megabytes, oneStreamInMemory, originalAlgorithm } from "./contenders.js";
import type { Part } from "./part.js";
import { littleMemory } from "./targets.js";

const OURS = "ours, SQLite to fs, zlib";
const FS = "ours, fs to fs, zlib";
const SQLITE = "ours, SQLite to SQLite, zlib";
const ORIGINAL = "the original's algorithm in Node";

export const archivePart: Part = {
  name: "archive",
  about: "archive one large session, zlib codec, against gzip, pigz, zstd and the original's algorithm",
  async run({ data, rounds, scratch }) {
    const file = await data.large();
    const work = megabytes(file.bytes);
    const folder = join(scratch, "store");
    const contenders = [
      archiving(OURS, file, { folder, live: "sqlite", sink: "fs", codec: "zlib" }),
      toolOn("pigz -6 -p2", file.path, { work, scratch }),
      originalAlgorithm(ORIGINAL, file, scratch),
      archiving(FS, file, { folder, live: "fs", sink: "fs", codec: "zlib" }),
      toolOn("gzip -6", file.path, { work, scratch }),
      archiving(SQLITE, file, { folder, live: "sqlite", sink: "live", codec: "zlib" }),
      toolOn("zstd -3", file.path, { work, scratch }),
      codecInMemory("zlib codec alone, in memory", file, "zlib"),
      oneStreamInMemory("zlib gzipSync, in memory", file, "zlib"),
    ];
    return {
      part: "archive",
      title: "Archiving one large session, verified and durable; zlib codec",
      series: await runRounds(contenders, rounds, scratch),
      claims: [
        { kind: "speed", of: OURS, than: "pigz -6 -p2", atLeast: 1.1 },
        { kind: "speed", of: OURS, than: ORIGINAL, atLeast: 1.6 },
        ...littleMemory(OURS, FS, SQLITE),
      ],
    };
  },
};
