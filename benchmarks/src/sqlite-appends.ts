/**
 * Appends of 500 bytes through recorders, each awaited: how many a second, by the wall clock and by processor time.
 * Usage: node benchmarks/dist/sqlite-appends.js [ROUNDS] [full|normal] [PAGE_SIZE]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqlite, type Synchronous } from "@session-archiver/adapter-sqlite";
import { createArchiver, type Recorder } from "@session-archiver/core";
import { median, runSeconds, type Times } from "./timing.js";

const LINE = `${"x".repeat(499)}\n`;
const rounds = Number(process.argv[2] ?? 5);
const synchronous = (process.argv[3] ?? "normal") as Synchronous;
const pageSize = Number(process.argv[4] ?? 0);

/** `appends` spread over so many recorders; each recorder has `atOnce` under way all the time. */
interface Pattern {
  readonly appends: number;
  readonly recorders: number;
  readonly atOnce: number;
}

const PATTERNS: Readonly<Record<string, Pattern>> = {
  "1 recorder, one by one": { appends: 10_000, recorders: 1, atOnce: 1 },
  "1 recorder, 100 at once": { appends: 100_000, recorders: 1, atOnce: 100 },
  "100 recorders, one by one": { appends: 100_000, recorders: 100, atOnce: 1 },
  "100 recorders, 10 at once": { appends: 200_000, recorders: 100, atOnce: 10 },
  "1000 recorders, one by one": { appends: 100_000, recorders: 1000, atOnce: 1 },
};

async function append(recorder: Recorder, times: number, atOnce: number): Promise<void> {
  const one = async (): Promise<void> => {
    for (let i = 0; i < times / atOnce; i++) await recorder.append(LINE);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

async function measure({ appends, recorders, atOnce }: Pattern): Promise<Times> {
  const folder = await mkdtemp(join(process.env["BENCH_DIR"] ?? tmpdir(), "session-archiver-bench-"));
  try {
    const file = join(folder, "sessions.db");
    if (pageSize > 0) {
      const db = new DatabaseSync(file);
      db.exec(`PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA user_version = 1; VACUUM`);
      db.close();
    }
    await using store = await openSqlite(file, { synchronous });
    const archiver = createArchiver(store);
    const open = Array.from({ length: recorders }, (_, n) => archiver.recorder(`session-${n}`, { create: {} }));
    for (const recorder of open) await recorder.append(LINE);
    const times = await runSeconds(() => Promise.all(open.map((each) => append(each, appends / recorders, atOnce))));
    for (const recorder of open) await recorder.close();
    const ref = await store.blobs.stat({ id: "session-0", name: "output" });
    if (ref?.size !== (appends / recorders + 1) * LINE.length) throw new Error("Appends were lost.");
    return times;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const rates: Record<string, Times[]> = Object.fromEntries(Object.keys(PATTERNS).map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, pattern] of Object.entries(PATTERNS)) {
    const { seconds, cpuSeconds } = await measure(pattern);
    rates[name]?.push({ seconds: pattern.appends / seconds, cpuSeconds: pattern.appends / cpuSeconds });
  }
}
console.log(
  `500-byte appends a second, synchronous=${synchronous}, median of ${rounds} rounds, Node ${process.version}`,
);
console.table(
  Object.fromEntries(
    Object.entries(rates).map(([name, each]) => [
      name,
      {
        "per second": Math.round(median(each.map(({ seconds }) => seconds))),
        "per processor second": Math.round(median(each.map(({ cpuSeconds }) => cpuSeconds))),
      },
    ]),
  ),
);
