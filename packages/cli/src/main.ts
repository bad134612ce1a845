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

/** Writes report their failures themselves; without a listener they would end the process as well. */
function quiet(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return stream.listenerCount("error") > 0 ? stream : stream.on("error", () => {});
}

const { env } = process;
const signals = watchSignals(process);
process.exitCode = await runCli(process.argv.slice(2), {
  // Node makes each stream when it is asked for, and loads much for it.
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    return quiet(process.stdout);
  },
  get stderr() {
    return quiet(process.stderr);
  },
  env,
  cwd: process.cwd(),
  signal: signals.signal,
});
signals.stop();
