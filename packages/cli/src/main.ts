/** The program: gives a run the process's streams, and takes its exit code. */
import process from "node:process";
import { printable } from "./output/text.js";
import { runCli } from "./run-cli.js";
import { watchSignals } from "./signals.js";

// Node 22 and 24 warn that node:sqlite is experimental; whoever archives sessions can do nothing about it.
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning")
    process.stderr.write(`${printable(`${warning.name}: ${warning.message}`)}\n`);
});

// Writes report their failures themselves; without listeners they would end the process as well.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

const { stdin, stdout, stderr, env } = process;
const signals = watchSignals(process);
process.exitCode = await runCli(process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  env,
  cwd: process.cwd(),
  signal: signals.signal,
});
signals.stop();
