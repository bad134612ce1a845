/**
 * A sweep of 10 idle sessions among 1,000 at rest, and among 1,000,000, in SQLite; within the byte cap and over it.
 * Usage: node benchmarks/dist/sqlite-many.js [MANY] [ROUNDS]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqlite, type SqliteStore } from "@session-archiver/adapter-sqlite";
import { bytesOf, createArchiver, KEY } from "@session-archiver/core";
import { median, runSeconds, type Times } from "./timing.js";

const FEW = 1000;
const STORED_BYTES = 1000;
const many = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 5);
const FILE = { name: "output", path: "no-such.jsonl.gz", generation: "g", liveBytes: 1, bytes: 1, storedBytes: 1 };

/** Half of them live and recent, half archived, one after the other, as `put` would store them. */
function atRest(number: number): string {
  const file = JSON.stringify({ ...FILE, crc32: 0, lines: 1 });
  return `
    WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ${number - 1})
    INSERT INTO sa_objects (id, version, archived, last_activity, archived_at, stored_bytes, meta)
    SELECT CAST(printf('rest%07d', n) AS BLOB), 'v' || n, n % 2, iif(n % 2, 1000, 8e15), iif(n % 2, 1000 + n, NULL),
      iif(n % 2, ${STORED_BYTES}, 0),
      iif(n % 2,
        json_object('view', 'agent', '${KEY.archivedAt}', 1000 + n, '${KEY.storedBytes}', ${STORED_BYTES},
          '${KEY.lastActivity}', 1000, '${KEY.lineCount}', 10, '${KEY.archiveFiles}', json('[${file}]')),
        json_object('view', 'agent', '${KEY.lastActivity}', 8e15, '${KEY.lineCount}', 10)) FROM n`;
}

async function storeWith(folder: string, number: number): Promise<SqliteStore> {
  const file = join(folder, `${number}.db`);
  await (await openSqlite(file)).close();
  const db = new DatabaseSync(file);
  db.exec(`BEGIN; ${atRest(number)}; COMMIT`);
  db.close();
  return openSqlite(file);
}

async function sweepTen(store: SqliteStore, round: string, overTheCap: boolean): Promise<Times> {
  for (let n = 0; n < 10; n++) {
    const id = `idle-${round}-${n}`;
    await store.objects.put(id, { [KEY.view]: "agent", [KEY.lastActivity]: 1, [KEY.lineCount]: 1 }, null);
    await store.blobs.create({ id, name: "output" }, "live-1", bytesOf(new Uint8Array(20_000).fill(10)));
  }
  const archiver = createArchiver(store);
  // What is archived takes up less than what is pruned.
  const cap = overTheCap ? ((await store.objects.storedBytes?.()) ?? 0) - 10 * STORED_BYTES : undefined;
  return await runSeconds(async () => {
    const { archivedCount, prunedCount } = await archiver.sweep({ maxTotalBytes: cap });
    if (archivedCount !== 10 || prunedCount >= 10 !== overTheCap) throw new Error("That was another sweep.");
  });
}

const folder = await mkdtemp(join(process.env["BENCH_DIR"] ?? tmpdir(), "session-archiver-bench-"));
try {
  const stores = [await storeWith(folder, FEW), await storeWith(folder, many)] as const;
  for (const overTheCap of [false, true]) {
    const times: readonly [Times[], Times[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      for (const which of [0, 1] as const) {
        times[which].push(await sweepTen(stores[which], `${overTheCap}-${round}`, overTheCap));
      }
    }
    const of = (which: 0 | 1, key: keyof Times): number => median(times[which].map((each) => each[key])) * 1000;
    console.log(
      `10 idle, ${overTheCap ? "over the cap" : "default cap"}: among ${FEW} ${of(0, "seconds").toFixed(0)} ms ` +
        `(processor ${of(0, "cpuSeconds").toFixed(0)}), among ${many} ${of(1, "seconds").toFixed(0)} ms ` +
        `(${of(1, "cpuSeconds").toFixed(0)}): ratio ${(of(1, "seconds") / of(0, "seconds")).toFixed(2)} ` +
        `(${(of(1, "cpuSeconds") / of(0, "cpuSeconds")).toFixed(2)})`,
    );
  }
  for (const store of stores) await store.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
