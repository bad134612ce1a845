/** Run as a separate process: `doctor-disk.ts <mounted folder>`. Prints what doctor finds there, full and nearly full. */
import { rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { placeFindings, realProbes } from "../../src/doctor/places.js";

const [mounted = ""] = process.argv.slice(2);
const filler = join(mounted, "filler");
const store = { kind: "sqlite", path: join(mounted, "sessions.db") } as const;
await (await openSqlite(store.path)).close();

try {
  for (;;) writeFileSync(filler, Buffer.alloc(65_536), { flag: "a" });
} catch {
  await look();
}
truncateSync(filler, 1_000_000);
await look();
rmSync(filler);

async function look(): Promise<void> {
  const found = [];
  const sink = { kind: "fs", path: join(mounted, "archives") } as const;
  const places = { home: mounted, store, sink, env: {}, platform: process.platform, probes: realProbes() };
  for await (const finding of placeFindings(places)) found.push(finding);
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
