/**
 * Files that were being written when their process died. None ever got a name, so no session needs one, and whatever was
 * being written was never reported as done. The repair removes them, as the next write would, by the same rule: it sets
 * none of them aside, because there would be nothing to look at but the beginning of a file that is whole elsewhere.
 */
import { rm } from "node:fs/promises";
import { type LeftFile, leftFiles } from "@session-archiver/adapter-fs";
import { formatSize } from "../output/sizes.js";
import { count } from "../output/text.js";
import { areasOf, type DoctorPlaces } from "./areas.js";
import type { Finding } from "./finding.js";
import { named } from "./looker.js";

export async function* stagingFindings(places: DoctorPlaces): AsyncGenerator<Finding> {
  for (const { kind, folder } of areasOf(places)) {
    if (kind === "database") continue;
    const left = await leftIn(folder);
    if (left.length === 0) continue;
    const bytes = left.reduce((sum, file) => sum + file.bytes, 0);
    const what = `${count(left.length, "unfinished file")} (${formatSize(bytes)})`;
    yield {
      kind: "staging-left",
      severity: "note",
      message: `A process that has ended left ${what} behind: ${named(left.map(({ path }) => path))}. Nothing refers to them.`,
      sessions: [],
      remedy: "none is needed: the next command that writes there removes them",
      repair: { plan: `remove ${what} from "${folder}"`, run: () => removeLeft(folder) },
    };
  }
}

async function leftIn(folder: string): Promise<readonly LeftFile[]> {
  try {
    const left: LeftFile[] = [];
    for await (const file of leftFiles(folder)) left.push(file);
    return left;
  } catch {
    return []; // the walk reports what can't be read
  }
}

/** Looks again: a process of the same number may have begun meanwhile. */
async function removeLeft(folder: string): Promise<string> {
  const left = await leftIn(folder);
  for (const { path } of left) await rm(path, { force: true });
  return `removed ${count(left.length, "file")}`;
}
