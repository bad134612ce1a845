/** Measures how a sweep delays the appends of a host that records in the same process. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { settleDisk } from "../measure/rounds.js";
import { task } from "../measure/task.js";
import type { RecordParams, RecordResult } from "../ours/record-while-sweeping.js";
import type { Where } from "../ours/stores.js";
import type { Series } from "../report/series.js";
import { importFiles } from "./contenders.js";
import type { Part } from "./part.js";

const recordWhileSweeping = task<RecordParams, RecordResult>("ours/record-while-sweeping.js");

const SESSIONS = 5000;
const RECORDERS = 200;
const PER_SECOND = 400;
const ALONE_SECONDS = 5;

const NAMES: Readonly<Record<keyof RecordResult, string>> = {
  median: "an append, median",
  p99: "an append, 99th percentile",
  longest: "an append, longest",
  blocked: "the event loop blocked, longest",
  swept: "the sweep",
};

export const recordersPart: Part = {
  name: "recorders",
  about: "appends of 200 recorders while 5,000 sessions are swept in the same process, in SQLite",
  optIn: true,
  unsized: true,
  async run({ data, rounds, scratch }) {
    const { files } = await data.small(SESSIONS);
    const where: Where = { folder: join(scratch, "store"), live: "sqlite", sink: "live", codec: "zlib" };
    const host = { where, recorders: RECORDERS, appendsPerSecond: PER_SECOND, seconds: ALONE_SECONDS };
    const alone: RecordResult[] = [];
    const beside: RecordResult[] = [];
    for (let round = 0; round < rounds; round++) {
      await importFiles({ where, files });
      settleDisk(scratch);
      alone.push(await recordWhileSweeping({ ...host, sessions: 0 }));
      settleDisk(scratch);
      beside.push(await recordWhileSweeping({ ...host, sessions: files.length }));
      await rm(where.folder, { recursive: true });
    }
    const { swept: _, ...namesAlone } = NAMES;
    return {
      part: "recorders",
      title: `${RECORDERS} recorders, ${PER_SECOND} appends a second in all, durably, while ${files.length} sessions of 20 kB are swept in the same process, SQLite`,
      series: [
        ...seriesOf(Object.keys(namesAlone) as (keyof RecordResult)[], "without a sweep", alone),
        ...seriesOf(Object.keys(NAMES) as (keyof RecordResult)[], "beside a sweep", beside),
      ],
      claims: [
        { kind: "ms", of: `${NAMES.p99}, beside a sweep`, atMost: 50 },
        { kind: "ms", of: `${NAMES.blocked}, beside a sweep`, atMost: 100 },
      ],
    };
  },
};

function seriesOf(keys: readonly (keyof RecordResult)[], when: string, results: readonly RecordResult[]): Series[] {
  return keys.map((key) => ({
    name: `${NAMES[key]}, ${when}`,
    unit: "s",
    samples: results.map((result) => result[key]),
    peaksMiB: [],
  }));
}
