/** Task: finds filters that leave about a tenth of the bytes of a home of the command line. */
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { createArchiver, memoryPorts, type SessionInfo } from "@session-archiver/core";
import { factsOf } from "@session-archiver/search";

export interface ChoiceParams {
  readonly home: string;
}

export interface Choices {
  readonly bytes: number;
  /** Unix ms: what was active since holds a tenth. */
  readonly since: number;
  /** Folders of projects that hold a tenth together, or a little more. */
  readonly projects: readonly string[];
}

export async function run({ home }: ChoiceParams): Promise<Choices> {
  await using store = await openSqlite(join(home, "sessions.db"), { readOnly: true });
  const archiver = createArchiver({ ...store, archives: memoryPorts().archives });
  const infos = await Array.fromAsync(archiver.list({ from: "metadata" }));
  const bytes = infos.reduce((sum, { rawBytes }) => sum + rawBytes, 0);
  return { bytes, since: tenthSince(infos, bytes / 10), projects: tenthOfProjects(infos, bytes / 10) };
}

function tenthSince(infos: readonly SessionInfo[], wanted: number): number {
  let left = wanted;
  for (const { lastActivityMs, rawBytes } of infos.toSorted(
    (a, b) => (b.lastActivityMs ?? 0) - (a.lastActivityMs ?? 0),
  )) {
    left -= rawBytes;
    if (left <= 0) return lastActivityMs ?? 0;
  }
  return 0;
}

/** The largest projects that fit. */
function tenthOfProjects(infos: readonly SessionInfo[], wanted: number): readonly string[] {
  const sizes = new Map<string, number>();
  for (const info of infos) {
    const { cwd } = factsOf(info);
    if (cwd !== null) sizes.set(cwd, (sizes.get(cwd) ?? 0) + info.rawBytes);
  }
  let left = wanted;
  const chosen: string[] = [];
  for (const [cwd, bytes] of [...sizes].sort(([, a], [, b]) => b - a)) {
    const isNested = [...sizes.keys()].some((other) => other.startsWith(`${cwd}/`));
    if (bytes > left || isNested) continue;
    chosen.push(cwd);
    left -= bytes;
  }
  return chosen;
}
