/** Watches for sessions that become live while a sweep is under way. */
import type { OpOptions } from "@session-archiver/core";
import type { FolderHost } from "../host.js";
import type { Place, Unit } from "../source.js";
import type { FolderPlan, FolderStep } from "./plan-types.js";
import { daysToMs } from "./policy.js";
import type { StepDone } from "./report.js";
import { done } from "./step.js";

/** How often all units are looked at in the course of a run; each one is also looked at just before it is touched. */
const LOOKS_AT_ALL = 100;

/** Resolves to why the unit is left although the plan says otherwise: it, or one that needs its files, is live now. */
export function wakeWatch(
  { files, now }: FolderHost,
  { policy }: FolderPlan,
  steps: readonly FolderStep[],
  op: OpOptions,
): (step: FolderStep, number: number) => Promise<StepDone | undefined> {
  const woken = new Map<Place, Set<Unit>>();
  const every = Math.ceil(steps.length / LOOKS_AT_ALL);
  return async (step, number) => {
    const { place, unit } = step;
    const { source } = place;
    const live = await source.live(place, files, { now: now(), idleMs: daysToMs(policy.idleDays), ...op });
    const why = live(unit);
    if (why !== undefined) return done(step, "left", why);
    const awake = woken.get(place) ?? new Set();
    woken.set(place, awake);
    if (number % every === 0) {
      for (const other of steps) if (other.place === place && live(other.unit) !== undefined) awake.add(other.unit);
    }
    if (awake.size === 0 || step.action === "archive") return undefined;
    const needed = (await source.neededBy(place, files, [unit], [...awake], op)).get(unit.id);
    return needed === undefined ? undefined : done(step, "left", needed);
  };
}
