/** Run as a separate process: `full-disk.ts <mounted folder> <store> <file to import>`. Prints the output as JSON lines. */
import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCli } from "../../src/run-cli.js";
import { Sink } from "./sink.js";

const [mounted = "", store = "", source = ""] = process.argv.slice(2);
const DAY_MS = 24 * 60 * 60 * 1000;
const filler = join(mounted, "filler");
/** By which the clock of sweeps is ahead. */
let days = 0;

async function cli(...words: string[]): Promise<{ readonly exitCode: number; readonly stdout: Buffer }> {
  const stdout = new Sink();
  const stderr = new Sink();
  const always = ["--home", join(mounted, "home"), ...(store === "" ? [] : ["--store", store])];
  // Sweeps leave a restored session alone for a day, also one whose restore the sweep before has finished.
  if (words[0] === "sweep") days += 2;
  const now = (): number => Date.now() + (words[0] === "sweep" ? days * DAY_MS : 0);
  const exitCode = await runCli([...always, ...words], { stdout, stderr, env: {}, cwd: mounted, now });
  const said = words[0] === "cat" ? "" : stdout.bytes.toString();
  process.stdout.write(`${JSON.stringify({ words, exitCode, stdout: said, stderr: stderr.bytes.toString() })}\n`);
  return { exitCode, stdout: stdout.bytes };
}

async function must(...words: string[]): Promise<void> {
  const { exitCode } = await cli(...words);
  if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${exitCode}`);
}

/** Fills the disk up to this many free bytes. */
function fill(leave: number): void {
  let size = 0;
  try {
    for (;;) {
      writeFileSync(filler, Buffer.alloc(65_536, 1), { flag: "a" });
      size += 65_536;
    }
  } catch {
    truncateSync(filler, Math.max(0, size - leave));
  }
}

/** Without a free byte SQLite can't even open, because it creates a file: QUOTA. */
async function checkFirst(isFull: boolean): Promise<void> {
  const { exitCode, stdout } = await cli("cat", "first");
  if (isFull && exitCode !== 0) return;
  if (!stdout.equals(readFileSync(source))) throw new Error("The first session has changed.");
}

copyFileSync(source, join(mounted, "first.jsonl"));
copyFileSync(source, join(mounted, "second.jsonl"));
await must("import", join(mounted, "first.jsonl"));
for (const leave of [0, 65_536, 262_144]) {
  fill(leave);
  await cli("import", join(mounted, "second.jsonl"));
  await cli("sweep", "--inactive-days", "0");
  await cli("restore", "first");
  await checkFirst(leave === 0);
  rmSync(filler);
  await must("import", join(mounted, "second.jsonl"));
  // The first command finishes a restore that the full disk interrupted.
  await must("sweep", "--inactive-days", "0");
  await must("sweep", "--inactive-days", "0");
  await checkFirst(false);
  await must("restore", "first");
  await must("verify");
}
