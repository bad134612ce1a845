/**
 * Run as a separate process: `read-only.ts <folder> <rights|mount> <arguments before each command…>`. Makes sessions in the
 * folder, removes the write permission or mounts the folder read-only, and runs the commands that only read. Prints the
 * result of each as a line of JSON.
 */
import { execFileSync } from "node:child_process";
import { runCli } from "../../src/run-cli.js";
import type { Run } from "./cli.js";
import { makeSessions, READING } from "./reading.js";
import { Sink } from "./sink.js";

const [folder = "", how = "", ...always] = process.argv.slice(2);

async function run(...words: readonly string[]): Promise<Run> {
  const stdout = new Sink();
  const stderr = new Sink();
  const exitCode = await runCli([...always, ...words], { stdout, stderr, env: {}, cwd: folder });
  const text = stdout.bytes.toString();
  return { exitCode, stdout: stdout.bytes, text, stderr: stderr.bytes.toString(), json: () => JSON.parse(text) };
}

await makeSessions({ folder, run });
if (how === "mount") {
  execFileSync("mount", ["-o", "remount,ro", folder]);
} else {
  if (process.getuid?.() === 0) execFileSync("chown", ["-R", "65534:65534", folder]);
  execFileSync("chmod", ["-R", "a-w", folder]);
  if (process.getuid?.() === 0) {
    process.setgid?.(65_534);
    process.setuid?.(65_534);
  }
}
for (const words of [...READING, ["pin", "live"]]) {
  const { exitCode, text, stderr } = await run(...words);
  process.stdout.write(`${JSON.stringify({ words, exitCode, text, stderr })}\n`);
}
