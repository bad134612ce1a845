/** Ends what earlier runs have left: what they hold aside, and what was cut short. */
import { failureOf, hasCode, type OpOptions, type SessionFailure } from "@session-archiver/core";
import { HELD_FOLDER } from "../claim/place.js";
import { eachOf } from "../each-of.js";
import type { FolderHost } from "../host.js";
import type { LeftOut, Place } from "../source.js";
import { finishHeld } from "./finish-held.js";
import type { FolderPlan, PlannedHeld } from "./plan-types.js";
import { daysToMs } from "./policy.js";
import type { FinishDone } from "./report.js";
import { tidyHeld } from "./tidy-held.js";

export interface FinishedAll {
  readonly finished: readonly FinishDone[];
  /** Sessions whose files are aside, or were until now: what a plan says of them is out of date. */
  readonly moved: ReadonlySet<string>;
}

interface HeldSession {
  readonly sessionId: string;
  readonly place: Place;
  readonly steps: PlannedHeld[];
}

/** How many at once. */
const SESSIONS_AT_ONCE = 8;

export async function finishAll(
  host: FolderHost,
  { held, unsettled, places, policy }: FolderPlan,
  failures: SessionFailure[],
  op: OpOptions,
): Promise<FinishedAll> {
  const moved = new Set<string>();
  const finished: FinishDone[] = [];
  const bySession = new Map<string, HeldSession>();
  for (const { place, sessionId } of unsettled) bySession.set(sessionId, { sessionId, place, steps: [] });
  for (const step of held) {
    const { sessionId, place } = step;
    if (sessionId === undefined) {
      finished.push({ step, outcome: "left", why: "no session of this store has such a file", freedDiskBytes: 0 });
      continue;
    }
    const one = bySession.get(sessionId) ?? { sessionId, place, steps: [] };
    one.steps.push(step);
    bySession.set(sessionId, one);
  }
  const work = async ({ sessionId, place, steps }: HeldSession): Promise<void> => {
    try {
      const { done, isBack } = await finishHeld(host, place, sessionId, steps, daysToMs(policy.idleDays), op);
      finished.push(...done);
      if (isBack || done.some(({ outcome }) => outcome !== "freed")) moved.add(sessionId);
    } catch (error) {
      if (hasCode(error, "ABORTED")) throw error;
      const { message: why } = failureOf(sessionId, error);
      failures.push(failureOf(sessionId, error));
      moved.add(sessionId);
      finished.push(...steps.map((step): FinishDone => ({ step, outcome: "failed", why, freedDiskBytes: 0 })));
    }
  };
  await eachOf(SESSIONS_AT_ONCE, [...bySession.values()], work, op);
  for (const { place, leftOut } of places) {
    const unreadable = new Set(leftOut.filter(isHeldUnseen).map(({ root }) => root));
    for (const { name, path } of place.roots) if (!unreadable.has(name)) await tidyHeld(host.files, path);
  }
  return { finished, moved };
}

/** The plan says so already. */
function isHeldUnseen({ path, reason }: LeftOut): boolean {
  return reason === "unreadable" && (path === "" || path === HELD_FOLDER);
}
