/** Server programs of this machine, run as an ordinary user, as which PostgreSQL insists to be run. */
import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Debian's user without rights. */
const NOBODY = 65534;
const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** Debian keeps PostgreSQL's programs out of the path, in a folder for each version. */
function folders(): readonly string[] {
  const versions = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql") : [];
  const newestFirst = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => `/usr/lib/postgresql/${version}/bin`);
  return [...newestFirst, ...(process.env["PATH"] ?? "").split(":"), "/usr/sbin"];
}

/** The path of a program, if it is there. */
export function find(program: string): string | undefined {
  return folders()
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
}

/** A new folder that the servers may write to. */
export function newFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `session-archiver-${name}-`));
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
}

/** A port of the loopback that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Runs a program to its end. */
export async function run(path: string, args: readonly string[]): Promise<void> {
  const child = spawn(path, args, { ...user, cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
  const said = collect(child);
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`${path} ended with ${code}: ${said()}`);
}

/** Starts a program that stays. Resolves once it has said `ready`. */
export async function start(path: string, args: readonly string[], ready: RegExp): Promise<ChildProcess> {
  const child = spawn(path, args, { ...user, cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
  const said = collect(child);
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (ready.test(said())) resolve();
    };
    child.stderr?.on("data", look);
    child.stdout?.on("data", look);
    child.on("error", reject);
    child.on("close", (code) => reject(new Error(`${path} ended with ${code}: ${said()}`)));
  });
  return child;
}

/** Ends it with the signal, and waits until it is gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.on("close", resolve));
  child.kill(signal);
  await gone;
}

/** The beginning of what it says. */
function collect(child: ChildProcess): () => string {
  let text = "";
  const add = (chunk: unknown): void => {
    if (text.length < 20_000) text += String(chunk);
  };
  child.stdout?.on("data", add);
  child.stderr?.on("data", add);
  return () => text;
}
