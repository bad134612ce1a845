/**
 * Many small sessions: a sweep within one SQLite database, every commit durable (synchronous=FULL).
 * Usage: node benchmarks/dist/sqlite-sweep.js [SESSIONS] [ROUNDS] [zlib|fflate] [PAGE_SIZE]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqlite, type SqliteStore } from "@session-archiver/adapter-sqlite";
import { bytesOf, type Codec, createArchiver, fflateCodec, KEY } from "@session-archiver/core";
import { generateSession } from "@session-archiver/session-generator";
import { median, runSeconds, type Times } from "./timing.js";
import { zlibCodec } from "./zlib-codec.js";

const SESSION_BYTES = 20_000;
const sessions = Number(process.argv[2] ?? 10_000);
const rounds = Number(process.argv[3] ?? 5);
const codecName = process.argv[4] ?? "zlib";
const pageSize = Number(process.argv[5] ?? 0);
const codec: Codec = codecName === "zlib" ? zlibCodec() : fflateCodec();

const outputs = Array.from({ length: 50 }, (_, seed) =>
  Buffer.concat([...generateSession({ seed, bytes: SESSION_BYTES })]).subarray(0, SESSION_BYTES),
);

async function fill(store: SqliteStore): Promise<void> {
  let next = 0;
  const some = async (): Promise<void> => {
    for (let n = next++; n < sessions; n = next++) {
      const id = `session-${n}`;
      const meta = { [KEY.view]: "agent", [KEY.lastActivity]: 1_700_000_000_000, [KEY.lineCount]: 10 };
      await store.objects.put(id, meta, null);
      await store.blobs.create(
        { id, name: "output" },
        "live-1",
        bytesOf(outputs[n % outputs.length] ?? new Uint8Array()),
      );
    }
  };
  await Promise.all(Array.from({ length: 200 }, some));
}

async function measure(): Promise<Times> {
  const folder = await mkdtemp(join(process.env["BENCH_DIR"] ?? tmpdir(), "session-archiver-bench-"));
  try {
    const file = join(folder, "sessions.db");
    if (pageSize > 0) {
      const db = new DatabaseSync(file);
      db.exec(`PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA user_version = 1; VACUUM`);
      db.close();
    }
    const filling = await openSqlite(file, { synchronous: "normal" });
    await fill(filling);
    await filling.close();
    await using store = await openSqlite(file);
    const archiver = createArchiver({ ...store, codec });
    return await runSeconds(async () => {
      const { archivedCount, failedCount } = await archiver.sweep();
      if (archivedCount !== sessions || failedCount > 0) throw new Error(`Only ${archivedCount} were archived.`);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const times: Times[] = [];
for (let round = 0; round < rounds; round++) times.push(await measure());
const rate = (of: (each: Times) => number): number => Math.round(sessions / median(times.map(of)));
console.log(
  `${sessions} sessions of 20 kB, SQLite, ${codecName}, durable, median of ${rounds} rounds, Node ${process.version}: ` +
    `${rate(({ seconds }) => seconds)} a second, ${rate(({ cpuSeconds }) => cpuSeconds)} per processor second`,
);
