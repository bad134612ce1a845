/**
 * Run as a separate process: `doctor-full-disk.ts <mounted folder>`. A database with one torn page and a damaged archive on a
 * disk that is full to the last byte, then nearly full, then free again. Prints each run as a JSON line.
 */
import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { runCli } from "../../src/run-cli.js";
import { transcript } from "./sessions.js";
import { Sink } from "./sink.js";

const [mounted = ""] = process.argv.slice(2);
const filler = join(mounted, "filler");
const home = join(mounted, "home");
const texts = { archived: transcript(3000), live: transcript(2000, undefined, "live") };

async function cli(...words: string[]): Promise<{ readonly exitCode: number; readonly text: string }> {
  const [stdout, stderr] = [new Sink(), new Sink()];
  const exitCode = await runCli(["--home", home, ...words], { stdout, stderr, env: {}, cwd: mounted });
  const text = stdout.bytes.toString();
  const said = words[0] === "cat" ? "" : text;
  process.stdout.write(`${JSON.stringify({ words, exitCode, stdout: said, stderr: stderr.bytes.toString() })}\n`);
  return { exitCode, text };
}

async function damage(path: string, at: number): Promise<void> {
  const file = await open(path, "r+");
  await file.write(Buffer.alloc(1000, 0xa5), 0, 1000, at);
  await file.close();
}

function fill(leave: number): void {
  let size = 0;
  try {
    for (;;) {
      writeFileSync(filler, Buffer.alloc(4096, 1), { flag: "a" });
      size += 4096;
    }
  } catch {
    truncateSync(filler, Math.max(0, size - leave));
  }
}

async function check(why: string): Promise<void> {
  for (const [id, text] of Object.entries(texts)) {
    const read = await cli("cat", id);
    if (read.exitCode !== 0 || read.text !== text) throw new Error(`${why}: ${id} can't be read`);
  }
}

for (const [id, text] of Object.entries(texts)) writeFileSync(join(mounted, `${id}.jsonl`), text);
await cli("import", join(mounted, "archived.jsonl"), join(mounted, "live.jsonl"));
await cli("archive", "archived");
// The last page is this one's.
writeFileSync(join(mounted, "torn.jsonl"), transcript(500));
await cli("import", join(mounted, "torn.jsonl"));
rmSync(join(mounted, "torn.jsonl"));
for (const id of Object.keys(texts)) rmSync(join(mounted, `${id}.jsonl`));
await check("at first");
const database = join(home, "sessions.db");
await damage(database, statSync(database).size - 4096);
const bytes = readFileSync(database);
for (const leave of [0, 4096, 65_536, 262_144]) {
  fill(leave);
  await cli("doctor", "--json");
  await cli("doctor", "--repair", "--json");
  rmSync(filler);
  if (!readFileSync(database).equals(bytes)) throw new Error("The damaged database was changed.");
  await check(`after a repair with ${leave} bytes of room`);
}
await cli("doctor", "--repair", "--json");
await check("at last");
await cli("doctor", "--json");
