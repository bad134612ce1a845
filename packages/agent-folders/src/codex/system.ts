/** What this machine shows of running Codex processes. Injected, so that tests can say what it shows. */
import { realpathSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";

export interface CodexSystem {
  /** `undefined`: this machine does not show who holds locks. */
  locks(): Promise<Locks | undefined>;
  /**
   * Process ids of Codex processes that started within these ms, apart from those that use another home for certain; none
   * where the machine does not show them.
   */
  startedWithin(ms: number, home: string): Promise<readonly number[]>;
}

export interface Locks {
  /** In the form of `/proc/locks`. */
  readonly text: string;
  /** `false`: locks of processes outside this container are not shown. */
  readonly isWhole: boolean;
}

export function linuxSystem(proc: string = "/proc"): CodexSystem {
  return {
    async locks() {
      const text = await textOf(`${proc}/locks`);
      return text === undefined ? undefined : { text, isWhole: await seesAllProcesses(proc) };
    },
    async startedWithin(ms, home) {
      const upSeconds = Number.parseFloat((await textOf(`${proc}/uptime`)) ?? "");
      if (!Number.isFinite(upSeconds)) return [];
      const pids = (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
      const found: number[] = [];
      for (const pid of pids) {
        const folder = `${proc}/${pid}`;
        if (pid === process.pid || !(await isNewCodex(folder, upSeconds - ms / 1000))) continue;
        if (mayUse(home, (await textOf(`${folder}/environ`)) ?? "")) found.push(pid);
      }
      return found;
    },
  };
}

/** Of the first pid namespace; see `PROC_PID_INIT_INO` of Linux. */
const FIRST_PID_NAMESPACE = 0xeffffffc;

/** Locks of a process that has no pid in this process's namespace are not shown. */
async function seesAllProcesses(proc: string): Promise<boolean> {
  const namespace = await stat(`${proc}/self/ns/pid`).catch(() => undefined);
  return namespace?.ino === FIRST_PID_NAMESPACE;
}

/** Linux gives times to programs in these, whatever the kernel counts in. */
const TICKS_PER_SECOND = 100;

async function isNewCodex(folder: string, sinceUpSeconds: number): Promise<boolean> {
  const stat = await textOf(`${folder}/stat`);
  // The name is in brackets, and may hold brackets and blanks; the start time is the 20th field behind it.
  const end = stat?.lastIndexOf(")") ?? -1;
  if (stat === undefined || end < 0) return false;
  const fields = stat.slice(end + 2).split(" ");
  const started = Number(fields[19]) / TICKS_PER_SECOND;
  // One that has ended, and whose parent has yet to notice, writes nothing any more.
  if (!(started >= sinceUpSeconds) || fields[0] === "Z") return false;
  const name = stat.slice(stat.indexOf("(") + 1, end);
  return looksLikeCodex(name, ((await textOf(`${folder}/cmdline`)) ?? "").split("\0"));
}

/** By the environment that the process was started with: empty if it is not shown. */
function mayUse(home: string, environment: string): boolean {
  const values = new Map(
    environment.split("\0").map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]),
  );
  const [own, user] = [values.get("CODEX_HOME"), values.get("HOME")];
  const used = own || (user && join(user, ".codex"));
  return !used || realOf(used) === realOf(home);
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The program itself, or Node.js that is about to start it. */
export function looksLikeCodex(name: string, args: readonly string[]): boolean {
  const isCodex = (text: string): boolean => /^codex([-_.].*)?$/i.test(basename(text));
  const [program = "", script = ""] = args;
  return isCodex(name) || isCodex(program) || (/^(node|bun|deno)/.test(basename(program)) && isCodexScript(script));
}

const isCodexScript = (script: string): boolean =>
  /(^|\/)@openai\/codex\//.test(script) || /^codex(\.js)?$/.test(basename(script));

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
