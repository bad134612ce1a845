/** What counts as live whichever agent wrote it. Every source puts this before its own checks. */
import type { LiveCheck, LiveOptions } from "../source.js";

/** In ms: an agent may still be at work on what changed this short a time ago. */
const LATELY_MS = 60 * 60 * 1000;

/** A unit of which a file was last changed within the last hour, or in the future by this clock. */
export const changedLately =
  ({ now }: Pick<LiveOptions, "now">): LiveCheck =>
  ({ lastModifiedMs }) =>
    lastModifiedMs > now - LATELY_MS ? "it was changed within the last hour" : undefined;

/** The first reason that one of the checks gives. */
export const anyOf =
  (...checks: readonly LiveCheck[]): LiveCheck =>
  (unit) => {
    for (const check of checks) {
      const reason = check(unit);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
