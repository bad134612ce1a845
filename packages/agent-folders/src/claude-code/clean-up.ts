/**
 * When Claude Code deletes files itself: each by its own mtime, after 30 days. Its settings may say another number of days, and
 * are not ours to read: 30 is an assumption, and people are to see that.
 */
import type { Unit } from "../source.js";
import { mtimeMsOf } from "../unit.js";
import { partsOf } from "./names.js";

const DAY_MS = 24 * 60 * 60 * 1000;

export const CLEAN_UP_MS: number = 30 * DAY_MS;
export const CLEAN_UP_ASSUMES = "that it deletes after 30 days, its default: its settings are not read";

/**
 * Unix ms: when the first of its files would go. Transcripts in a project's folder and results of tools go one by one; the
 * rest of a session's folder goes with its transcript.
 */
export function claudeCodeCleanUpAt({ members }: Unit): number {
  const first = members.filter(({ path }) => !partsOf(path)?.inside || /\/tool-results\/[^/]*$/.test(path));
  return first.reduce((soonest, member) => Math.min(soonest, mtimeMsOf(member) + CLEAN_UP_MS), Number.MAX_SAFE_INTEGER);
}
