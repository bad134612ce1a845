/**
 * One large session through import, archive, read, verify and restore, each in a process of its own: time and peak memory.
 * Usage: npm run bench:memory -- [GIGABYTES] [sqlite|fs]
 */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { generateSession } from "@session-archiver/session-generator";
import { measure } from "./measure.js";

const LIMIT_MIB = 200;
const PIECE_BYTES = 32 * 1024 * 1024;
const gigabytes = Number(process.argv[2] ?? 1);
const store = process.argv[3] ?? "sqlite";
if (!(gigabytes > 0) || !["sqlite", "fs"].includes(store)) throw new Error("Usage: memory [GIGABYTES] [sqlite|fs]");

/** Repeats a generated session: deflate's window of 32 KiB can't see the repetition. */
async function makeFile(file: string, bytes: number): Promise<{ sha256: string; bytes: number }> {
  const piece = Buffer.concat([...generateSession({ seed: 1, bytes: PIECE_BYTES })]);
  const hash = createHash("sha256");
  const handle = await open(file, "w");
  let written = 0;
  for (; written < bytes; written += piece.length) {
    await handle.write(piece);
    hash.update(piece);
  }
  await handle.close();
  return { sha256: hash.digest("hex"), bytes: written };
}

const scratch = await mkdtemp(join(process.env["BENCH_DIR"] ?? tmpdir(), "session-archiver-bench-"));
try {
  const file = join(scratch, "large.jsonl");
  const source = await makeFile(file, gigabytes * 1e9);
  const home = join(scratch, "home");
  const where = ["--home", home, ...(store === "fs" ? ["--store", `fs:${join(home, "store")}`] : [])];
  const rows: Record<string, { seconds: number; "MB/s": number; "peak MiB": number }> = {};
  const step = async (name: string, ...args: string[]): Promise<{ sha256: string }> => {
    const { seconds, peakMiB, sha256 } = await measure(join(scratch, "peak"), [...where, ...args]);
    rows[name] = {
      seconds: Number(seconds.toFixed(2)),
      "MB/s": Number((source.bytes / 1e6 / seconds).toFixed(1)),
      "peak MiB": Number(peakMiB.toFixed(1)),
    };
    return { sha256 };
  };
  const same = (what: string, sha256: string): void => {
    if (sha256 !== source.sha256) throw new Error(`${what} gave other bytes than the original.`);
  };
  await step("import", "import", file);
  await rm(file);
  await step("archive", "archive", "large");
  same("Reading the archive", (await step("read", "cat", "large")).sha256);
  await step("tail of 100 lines", "cat", "large", "--tail", "100");
  await step("verify", "verify", "large");
  await step("restore", "restore", "large");
  same("Reading the restored session", (await step("read live", "cat", "large")).sha256);
  console.log(`${(source.bytes / 1e9).toFixed(2)} GB, store ${store}, Node ${process.version}`);
  console.table(rows);
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memoryBytes: totalmem(), node: process.version };
  const results = new URL("../results/", import.meta.url);
  await mkdir(results, { recursive: true });
  const result = { what: "memory", bytes: source.bytes, store, machine, rows };
  await writeFile(new URL(`memory-${store}-${gigabytes}gb.json`, results), `${JSON.stringify(result, null, 2)}\n`);
  const over = Object.entries(rows).filter(([, row]) => row["peak MiB"] > LIMIT_MIB);
  if (over.length > 0) throw new Error(`Over ${LIMIT_MIB} MiB: ${over.map(([name]) => name).join(", ")}`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
