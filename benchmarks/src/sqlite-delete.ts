/**
 * While a large blob is deleted, another session's appends go on: how long each takes, against how long it takes alone.
 * Usage: node benchmarks/dist/sqlite-delete.js [GIGABYTES] [full|normal]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite, type Synchronous } from "@session-archiver/adapter-sqlite";
import { type BlobRef, type Bytes, bytesOf } from "@session-archiver/core";
import { median } from "./timing.js";

const PIECE = 1024 * 1024;
const gigabytes = Number(process.argv[2] ?? 1);
const synchronous = (process.argv[3] ?? "full") as Synchronous;
const line = new Uint8Array(500).fill(120);

async function* large(): Bytes {
  for (let n = 0; n < gigabytes * 1024; n++) yield new Uint8Array(PIECE).fill(n);
}

const folder = await mkdtemp(join(process.env["BENCH_DIR"] ?? tmpdir(), "session-archiver-bench-"));
try {
  await using store = await openSqlite(join(folder, "sessions.db"), { synchronous });
  const blob = await store.blobs.create({ id: "large", name: "output" }, "live-1", large());
  let at: BlobRef = await store.blobs.create({ id: "small", name: "output" }, "live-1", bytesOf());
  const appendWhile = async (goesOn: () => boolean): Promise<readonly number[]> => {
    const times: number[] = [];
    while (goesOn()) {
      const started = performance.now();
      at = await store.blobs.append(at, line);
      times.push(performance.now() - started);
    }
    return times;
  };
  const until = performance.now() + 2000;
  const alone = await appendWhile(() => performance.now() < until);
  let deleted = false;
  const started = performance.now();
  const deleting = store.blobs.delete(blob).finally(() => {
    deleted = true;
  });
  const beside = await appendWhile(() => !deleted);
  await deleting;
  const row = (times: readonly number[]) => ({
    appends: times.length,
    "median ms": Number(median(times).toFixed(2)),
    "longest ms": Number(Math.max(...times).toFixed(1)),
  });
  console.log(`${gigabytes} GiB deleted in ${Math.round(performance.now() - started)} ms, synchronous=${synchronous}`);
  console.table({ "appends alone": row(alone), "appends during the delete": row(beside) });
} finally {
  await rm(folder, { recursive: true, force: true });
}
