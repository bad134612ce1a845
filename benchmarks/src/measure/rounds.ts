/** Runs contenders in turn, so that other work on the machine affects all of them. */
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { NOT_INSTALLED, type Series, type Work } from "../report/series.js";
import type { Sample } from "./sample.js";

export interface Contender {
  readonly name: string;
  readonly work?: Work;
  readonly note?: string;
  /** Runs one turn. The time it returns excludes its preparation and clean-up. `undefined` if it isn't installed. */
  readonly run: (() => Promise<Sample>) | undefined;
}

/** `scratch` is a folder on the disk whose writes must be finished before each turn. */
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

/** Flushes the disk, so that one turn's pending writes don't slow the next. Does nothing if there is no `sync`. */
export function settleDisk(folder: string): void {
  spawnSync("sync", ["-f", folder], { stdio: "ignore" });
}
