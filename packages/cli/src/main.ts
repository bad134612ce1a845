/** The program: passes the process's streams to a run, and takes its exit code. */
import process from "node:process";
import { limitGarbage } from "./limit-garbage.js";
import { printable } from "./output/text.js";
import { runCli } from "./run-cli.js";
import { watchSignals } from "./signals.js";

// Node 22 and 24 warn that node:sqlite is experimental, about which users can do nothing.
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning")
    process.stderr.write(`${printable(`${warning.name}: ${warning.message}`)}\n`);
});

/** Writes report their own failures; without a listener, a failure would also end the process. */
function quiet(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return stream.listenerCount("error") > 0 ? stream : stream.on("error", () => {});
}

limitGarbage();
const { env } = process;
const signals = watchSignals(process);
process.exitCode = await runCli(process.argv.slice(2), {
  // Getters, because Node creates each stream at its first use, and loads a lot for it.
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
  leaveInterrupts: signals.leaveInterrupts,
});
signals.stop();
// A server that doesn't answer would keep the process until its connection is given up. Output that waits for its reader is still written.
if (signals.signal.aborted && [process.stdout, process.stderr].every(({ writableLength }) => writableLength === 0)) {
  process.exit();
}
