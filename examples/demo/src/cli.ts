/** Runs the command line as a person would, and shows each command. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(
  new URL("bin/session-archiver.js", import.meta.resolve("@session-archiver/cli/package.json")),
);

/** The command's standard output; its messages go to the terminal. Throws if it fails. */
export function run(home: string, ...args: string[]): Buffer {
  const { status, stdout, error } = spawnSync(process.execPath, [BIN, "--home", home, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 31 - 1,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`session-archiver ${args[0]} ended with exit code ${status}`);
  return stdout;
}

/** The same, but shows the command and its output. */
export function show(home: string, ...args: string[]): void {
  console.log(`\n$ session-archiver ${args.map((arg) => (/[\s"'$]/.test(arg) ? JSON.stringify(arg) : arg)).join(" ")}`);
  process.stdout.write(run(home, ...args));
}

export function json<T>(home: string, ...args: string[]): T {
  return JSON.parse(run(home, "--json", ...args).toString()) as T;
}
