/** Reads parts of a large archived session, beside reading all of it. */
import { join } from "node:path";
import { task } from "../measure/task.js";
import { sessionId } from "../ours/import-files.js";
import type { Where } from "../ours/stores.js";
import type { TailParams, TailRead, TailResult } from "../ours/tail.js";
import { archive, importFiles } from "./contenders.js";
import type { Part } from "./part.js";
import { littleMemory } from "./targets.js";

const tail = task<TailParams, TailResult>("ours/tail.js");

const ALL: TailRead = "all of it";
const ENDS: readonly TailRead[] = ["last 100 lines", "last 100 lines, without manifest"];
/** The target for 1 GB. It scales with the length, because reading the end costs the same at any length. */
const TIMES_AS_FAST_PER_GB = 300;
const MOST_MS = 10;

export const tailPart: Part = {
  name: "tail",
  about: "the last lines, pages and pieces of an archived session, in an open process",
  async run({ data, rounds, scratch }) {
    const file = await data.large();
    const where: Where = { folder: join(scratch, "store"), live: "sqlite", sink: "fs", codec: "zlib" };
    const id = sessionId(file.path);
    await importFiles({ where, files: [file] });
    await archive({ where, id, bytes: file.bytes });
    const { peakMiB, ...times } = await tail({ where, id, rounds });
    const atLeast = TIMES_AS_FAST_PER_GB * (file.bytes / 1e9);
    return {
      part: "tail",
      title: "Pieces of one large archived session, in an open process; zlib codec",
      facts: {
        session: `${(file.bytes / 1e6).toFixed(0)} MB`,
        "times as fast as all of it": `the target is 300 for a session of 1 GB, so ${atLeast.toPrecision(3)} for this one`,
        "short reads": "the median of up to 9 in a row counts as one round",
      },
      series: Object.entries(times).map(([name, samples]) => ({
        name,
        unit: "s",
        samples,
        peaksMiB: name === ALL ? [peakMiB] : [],
      })),
      claims: [
        ...ENDS.flatMap((of) => [
          { kind: "ms" as const, of, atMost: MOST_MS },
          { kind: "speed" as const, of, than: ALL, atLeast },
        ]),
        ...littleMemory(ALL),
      ],
    };
  },
};
