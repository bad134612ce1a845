/**
 * Runs as a separate process, on a small file system: `full-sweep.ts <open> <directory> <left>`. Fills it with sessions, none over a
 * fifth of it, until `left` bytes are free. Sweeps, and prints a line of JSON. Exits with 1 if anything was lost.
 */
import { rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { bytesOf, createArchiver, hasCode, type SweepReport, toBytes } from "@session-archiver/core";
import { generateSession } from "../../sessions/index.js";
import type { StoreModule } from "../kills/protocol.js";

export interface FullSweep {
  readonly liveBytes: number;
  readonly sessions: number;
  readonly report: SweepReport;
}

const DISK_BYTES = 6_000_000;
const SIZES = [0.18, 0.1, 0.05, 0.03, 0.02, 0.012, 0.004, 0.001].map((part) => part * DISK_BYTES);

const [open = "", directory = "", left = ""] = process.argv.slice(2);
const { openStore } = (await import(open)) as StoreModule;
const filler = join(directory, "..", "filler");
writeFileSync(filler, Buffer.alloc(Number(left)));
const store = await openStore(directory);
const archiver = createArchiver(store);
const made = new Map<string, Buffer>();
let liveBytes = 0;
let tries = 0;

/** `false` if there was no space; its bytes may lie there all the same. */
async function add(bytes: number): Promise<boolean> {
  const id = `s${tries++}`;
  const session = Buffer.concat([...generateSession({ seed: tries, bytes })]);
  try {
    await store.blobs.create({ id, name: "output" }, `live-${id}`, bytesOf(session));
    await store.objects.put(id, { view: "agent", "session:last_activity_ms": 1, "session:line_count": 9 }, null);
  } catch (error) {
    if (!hasCode(error, "QUOTA")) throw error;
    return false;
  }
  made.set(id, session);
  liveBytes += session.length;
  return true;
}

let sizes = SIZES;
while (sizes.length > 0) {
  const fitting: number[] = [];
  for (const size of sizes) if (await add(size)) fitting.push(size);
  sizes = fitting;
}
rmSync(filler);
const report = await archiver.sweep();
for (const [id, session] of made) {
  if (!session.equals(await toBytes(archiver.read(id)))) throw new Error(`Session "${id}" reads differently.`);
}
await store.close();
const result: FullSweep = { liveBytes, sessions: made.size, report };
writeSync(1, `${JSON.stringify(result)}\n`);
