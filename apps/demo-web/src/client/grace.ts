/** How long a pruned session can be brought back. */
import { DEFAULT_POLICY } from "@session-archiver/core";
import { now } from "./now.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** When the grace period of a session ends that is pruned now: unix ms. The worker leaves core's policy as it is. */
export function endOfGrace(prunedAt: number = now.value): number {
  return prunedAt + DEFAULT_POLICY.graceDays * DAY_MS;
}
