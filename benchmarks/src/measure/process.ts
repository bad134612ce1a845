/** The cost of a whole Node process, from its start to its end. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The processor time, user and system, of `node` with these arguments, in seconds. Throws if it fails. Needs bash. */
export function processorSecondsOf(args: readonly string[]): number {
  const script = 'TIMEFORMAT="processor %U %S"; time "$@" > /dev/null';
  const { status, stderr } = spawnSync("bash", ["-c", script, "bash", process.execPath, ...args], { encoding: "utf8" });
  const [, user, system] = /^processor (\S+) (\S+)$/m.exec(stderr) ?? [];
  if (status !== 0 || user === undefined) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
  return Number(user) + Number(system);
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The share of such a process's time, without waiting, that it spends in functions of this name and their callees. */
export function shareOf(functionName: string, args: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), "session-archiver-profile-"));
  try {
    const { status } = spawnSync(process.execPath, ["--cpu-prof", `--cpu-prof-dir=${folder}`, ...args]);
    const [file] = readdirSync(folder);
    if (status !== 0 || file === undefined) throw new Error(`node ${args.join(" ")} ended with ${status}.`);
    return shareIn(JSON.parse(readFileSync(join(folder, file), "utf8")) as Profile, functionName);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function shareIn({ nodes, samples, timeDeltas }: Profile, functionName: string): number {
  const inside = new Set<number>();
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === "(idle)").map(({ id }) => id));
  // A node of the profile comes before its callees.
  for (const { id, callFrame, children = [] } of nodes) {
    if (callFrame.functionName === functionName) inside.add(id);
    if (inside.has(id)) for (const child of children) inside.add(child);
  }
  let all = 0;
  let part = 0;
  for (const [i, id] of samples.entries()) {
    const delta = idle.has(id) ? 0 : (timeDeltas[i] ?? 0);
    all += delta;
    if (inside.has(id)) part += delta;
  }
  return part / all;
}
