/** The real programs, of pinned versions, from npm: once for this machine, outside of the project. */
import { spawn } from "node:child_process";
import { glob, mkdir, stat } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { outputOf } from "@session-archiver/test-kit/machine";

const PACKAGES = ["@openai/codex@0.169.0", "@anthropic-ai/claude-code@2.1.328"];
/** Without a network it is to fail at once. */
const HASTE = "--fetch-retries 1 --fetch-retry-mintimeout 1000 --fetch-retry-maxtimeout 1000";
const OPTIONS = `--ignore-scripts --no-audit --no-fund --no-save ${HASTE}`;
const PLATFORM = `${process.platform}-${process.arch}`;
/** Their executables below `node_modules`. The programs proper, so that a process that we start is the one that writes. */
const CODEX = `@openai/codex-${PLATFORM}/vendor/*/bin/codex`;
const CLAUDE = `@anthropic-ai/claude-code-${PLATFORM}/claude`;

export interface Programs {
  /** Path of Codex. */
  readonly codex: string;
  /** Path of Claude Code. */
  readonly claude: string;
}

/** Why there are none, for a test that is skipped: in words. */
export type Missing = string;

/** Installs them unless they are there already. */
export async function installPrograms(): Promise<Programs | Missing> {
  const installed = await install(PACKAGES);
  if (typeof installed === "string") return installed;
  const [codex] = await Array.fromAsync(glob(join(installed.folder, CODEX)));
  const claude = join(installed.folder, CLAUDE);
  if (codex === undefined || !(await stat(claude).catch(() => undefined))) return `there are none for ${PLATFORM}`;
  return { codex, claude };
}

/** Path of another release of Codex. */
export async function installCodex(version: string): Promise<{ readonly codex: string } | Missing> {
  const installed = await install([`@openai/codex@${version}`]);
  if (typeof installed === "string") return installed;
  const [codex] = await Array.fromAsync(glob(join(installed.folder, CODEX)));
  return codex === undefined ? `there is no Codex ${version} for ${PLATFORM}` : { codex };
}

/** Gives the folder `node_modules` that holds them. */
async function install(packages: readonly string[]): Promise<{ readonly folder: string } | Missing> {
  if (process.platform !== "linux") return "the real programs are run on Linux only";
  const folder = join(tmpdir(), `session-archiver-programs-${userInfo().uid}`, packages.join("+").replaceAll("/", "-"));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await stat(join(folder, ".."))).uid !== userInfo().uid) return `${folder} belongs to somebody else`;
  // Test files run side by side. The lock ends with its process, so that an installation that was killed blocks nobody.
  const command = `npm install ${OPTIONS} ${packages.join(" ")}`;
  const script = `[ -e whole ] || { ${command} && touch whole; }`;
  const child = spawn("flock", ["lock", "sh", "-c", script], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const { exitCode, stderr } = await outputOf(child).catch((error: Error) => ({ exitCode: 1, stderr: error.message }));
  if (exitCode !== 0)
    return `npm did not give ${packages.join(" and ")}: ${/npm error (.*)/.exec(stderr)?.[1] ?? stderr}`;
  return { folder: join(folder, "node_modules") };
}
