/**
 * Run as a separate process: `doctor-user.ts <home> <sink in it> <what to close in it…>`. Prints what doctor finds there as a user
 * without special rights.
 */
import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { placeFindings, realProbes } from "../../src/doctor/places.js";

const [home = "", sinkName = "", ...closed] = process.argv.slice(2);
if (process.getuid?.() === 0) execFileSync("chown", ["-R", "65534:65534", home]);
for (const path of closed) chmodSync(join(home, path), 0o000);
if (process.getuid?.() === 0) {
  process.setgid?.(65_534);
  process.setuid?.(65_534);
}
const found = [];
const database = { kind: "sqlite", path: join(home, "sessions.db") } as const;
const store = process.env["PLAIN"] ? ({ kind: "fs", path: home } as const) : database;
const sink = { kind: "fs", path: join(home, sinkName) } as const;
const probes = { ...realProbes(), space: async () => ({ freeBytes: 1e12, freeFiles: null }) };
const places = { home, store, sink, env: {}, platform: process.platform, probes };
for await (const finding of placeFindings(places)) found.push(finding);
process.stdout.write(JSON.stringify(found));
