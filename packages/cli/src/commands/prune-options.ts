/** What sweeps and prunes have in common on the command line. */
import { DEFAULT_POLICY, type PruneOptions } from "@session-archiver/core";
import { Option } from "commander";
import type { CommandContext } from "../command.js";
import type { Pruning } from "./report.js";

const DAY_MS = 24 * 60 * 60 * 1000;

export function byOption(): Option {
  return new Option("--by <time>", "which archives are the oldest: by last activity, or by when they were archived")
    .choices(["activity", "archived"])
    .default("activity");
}

/** What the texts need to know about a prune with these options. */
export function pruningOf({ now }: CommandContext, { by, graceDays, tombstonesOnly }: PruneOptions): Pruning {
  const graceMs = (graceDays ?? DEFAULT_POLICY.graceDays) * DAY_MS;
  return { by, undoableUntil: graceMs === 0 && !tombstonesOnly ? undefined : now() + graceMs };
}
