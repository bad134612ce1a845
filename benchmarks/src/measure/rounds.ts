/** Contenders take turns, so that whatever else the machine does falls on all of them. */
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { NOT_INSTALLED, type Series, type Work } from "../report/series.js";
import type { Sample } from "./sample.js";

export interface Contender {
  readonly name: string;
  readonly work?: Work;
  readonly note?: string;
  /** One turn; what it prepares and clears up is its own affair, and not in the time it gives. Absent: not installed. */
  readonly run: (() => Promise<Sample>) | undefined;
}

/** `scratch`: on the disk whose writes are to be over before each turn. */
export async function runRounds(
  contenders: readonly Contender[],
  rounds: number,
  scratch: string = tmpdir(),
): Promise<readonly Series[]> {
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of contenders) {
      if (!run) continue;
      settleDisk(scratch);
      samples.get(name)?.push(await run());
    }
  }
  return contenders.map(({ name, work, note, run }) => {
    const each = samples.get(name) ?? [];
    return {
      name,
      unit: "s",
      samples: each.map(({ seconds }) => seconds),
      work,
      peaksMiB: each.flatMap(({ peakMiB }) => peakMiB ?? []),
      note: run ? note : NOT_INSTALLED,
    };
  });
}

/** What the one before left to be written would slow the next. Where there is no `sync`, it does. */
export function settleDisk(folder: string): void {
  spawnSync("sync", ["-f", folder], { stdio: "ignore" });
}
