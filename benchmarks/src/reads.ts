/**
 * Reads of one large archived session in an open process, zlib codec, plain files: what an end, a page, a line range and the
 * last hours cost beside reading it all, with the manifest and without. Rounds alternate; medians are shown.
 * Usage: node benchmarks/dist/reads.js [MEGABYTES] [ROUNDS]; BENCH_KEEP=DIR keeps the session there for the next run.
 */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { openFs } from "@session-archiver/adapter-fs";
import {
  type Archiver,
  type Bytes,
  collect,
  crc32,
  createArchiver,
  openCursor,
  type Ports,
} from "@session-archiver/core";
import { generateSession } from "@session-archiver/session-generator";
import { median } from "./timing.js";
import { zlibCodec } from "./zlib-codec.js";

const ID = "big";
const HOUR_MS = 60 * 60 * 1000;
const megabytes = Number(process.argv[2] ?? 256);
const rounds = Number(process.argv[3] ?? 5);
const kept = process.env["BENCH_KEEP"];
const codec = zlibCodec();

async function* output(): Bytes {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for (const line of generateSession({ seed: 7, bytes: megabytes * 1e6 })) {
    batch.push(line);
    bytes += line.length;
    if (bytes < 1024 * 1024) continue;
    yield Buffer.concat(batch);
    batch = [];
    bytes = 0;
  }
  yield Buffer.concat(batch);
}

/** The same sink without its manifests. */
function withoutManifests(ports: Ports): Ports {
  const { stat } = ports.archives;
  const archives = {
    ...ports.archives,
    stat: (async (key, op) => (key.endsWith(".json") ? undefined : stat(key, op))) as typeof stat,
  };
  return { ...ports, archives };
}

async function drain(bytes: Bytes, into?: string): Promise<number> {
  const file = into === undefined ? undefined : await open(into, "w");
  let total = 0;
  for await (const chunk of bytes) {
    total += chunk.length;
    await file?.write(chunk);
  }
  await file?.close();
  return total;
}

const scratch = kept ?? (await mkdtemp(join(process.env["BENCH_DIR"] ?? tmpdir(), "session-archiver-bench-")));
const store = openFs(join(scratch, `session-${megabytes}`));
try {
  const ports: Ports = store;
  const archiver = createArchiver({ ...ports, codec });
  if (!(await ports.objects.get(ID))) {
    await ports.objects.put(ID, { view: "agent" }, null);
    await ports.blobs.create({ id: ID, name: "output" }, "live-1", output());
    await archiver.archive(ID);
  }
  const { rawBytes, storedBytes } = await archiver.info(ID);
  const folder = join(scratch, `session-${megabytes}`, "archives");
  const file = join(folder, (await readdir(folder, { recursive: true })).find((name) => name.endsWith(".gz")) ?? "");
  const lost = createArchiver({ ...withoutManifests(ports), codec });
  const slowCrc = createArchiver({ ...ports, codec: { ...codec, crc32 } });
  const last: { timestamp: string } = JSON.parse(Buffer.from(await collect(archiver.tail(ID, 1))).toString());
  const recent = Date.parse(last.timestamp) - HOUR_MS;
  const middle = Math.floor(rawBytes / 2);
  const target = join(scratch, "target");

  const page = async (from: Archiver): Promise<number> => {
    const cursor = await openCursor(await from.open(ID), "end");
    for (let pages = 0; pages < 20; pages++) await cursor.previous(50);
    return (await cursor.next(1000)).length;
  };
  const work: Readonly<Record<string, () => Promise<unknown>>> = {
    "all, to a file": () => drain(archiver.read(ID), target),
    all: () => drain(archiver.read(ID)),
    "all, CRC by core": () => drain(slowCrc.read(ID)),
    "gzip -dc, to a file": async () => {
      const { status } = spawnSync("sh", ["-c", 'exec gzip -dc "$1" > "$2"', "sh", file, target]);
      if (status !== 0) throw new Error(`gzip ended with ${status}`);
    },
    "last 100 lines": () => drain(archiver.tail(ID, 100)),
    "last 100 lines, manifest lost": () => drain(lost.tail(ID, 100)),
    "20 pages of 50 lines back, 1,000 lines forth": () => page(archiver),
    "the same, manifest lost": () => page(lost),
    "100 lines in the middle": () => drain(archiver.lines(ID, { from: 10_000, to: 10_100 })),
    "1 MB in the middle": () => drain(archiver.read(ID, { range: { start: middle, end: middle + 1e6 } })),
    "the last hour": () => drain(archiver.since(ID, recent)),
    "the last hour, manifest lost": () => drain(lost.since(ID, recent)),
  };
  const times: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(work)) {
      // Those that are short, several times: the first of them pays for what the long one before has left behind.
      for (let spent = 0, runs = 0; runs < 1 || (spent < 500 && runs < 9); runs++) {
        const started = performance.now();
        await run();
        const ms = performance.now() - started;
        spent += ms;
        times[name] = [...(times[name] ?? []), ms];
      }
    }
  }
  const all = median(times["all"] ?? []);
  const rows = Object.fromEntries(
    Object.entries(times).map(([name, each]) => {
      const ms = median(each);
      return [
        name,
        {
          ms: Number(ms.toFixed(2)),
          "of reading all": Number((ms / all).toPrecision(3)),
          "times as fast": Number((all / ms).toPrecision(3)),
        },
      ];
    }),
  );
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${(rawBytes / 1e6).toFixed(0)} MB, ${(storedBytes / 1e6).toFixed(0)} MB stored, ${rounds} rounds, peak ${peakMiB} MiB, Node ${process.version}`,
  );
  console.table(rows);
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memoryBytes: totalmem(), node: process.version };
  const results = new URL("../results/", import.meta.url);
  await mkdir(results, { recursive: true });
  const result = { what: "reads", bytes: rawBytes, storedBytes, rounds, peakMiB, machine, rows };
  await writeFile(new URL(`reads-${megabytes}mb.json`, results), `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await store.close();
  await rm(kept === undefined ? scratch : join(scratch, "target"), { recursive: true, force: true });
}
