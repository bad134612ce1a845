/** Which sessions a sweep archives and which archives a prune drops. Pure. */
import { KEY, positiveAt } from "./metadata.js";
import type { Meta } from "./ports.js";
import { stateOf } from "./session.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The original system's defaults, and a week to change one's mind. */
export interface Policy {
  /** A session is idle after this many days without activity. */
  readonly inactiveDays: number;
  /** Stored bytes that archives may take up; `Infinity` prunes none. */
  readonly maxTotalBytes: number;
  /** Days between a prune's tombstone and the deletion of the bytes. */
  readonly graceDays: number;
}

export const DEFAULT_POLICY: Policy = { inactiveDays: 7, maxTotalBytes: 2 * 1024 ** 3, graceDays: 7 };

export function days(count: number): number {
  return count * DAY_MS;
}

/** Why a sweep leaves a session alone. */
export type SkipReason = "not-agent" | "archived" | "pruned" | "pinned" | "no-activity" | "no-lines" | "recent";

export function isPinned(meta: Meta): boolean {
  const pinned = meta[KEY.pinned];
  return pinned !== undefined && pinned !== null && pinned !== false && pinned !== 0;
}

/** `undefined`: idle, to be archived. Otherwise the first reason not to. */
export function skipReason(meta: Meta, now: number, inactiveDays: number): SkipReason | undefined {
  if (meta[KEY.view] !== "agent") return "not-agent";
  const state = stateOf(meta);
  if (state === "pruned" || state === "archived") return state;
  if (isPinned(meta)) return "pinned";
  const lastActivity = positiveAt(meta, KEY.lastActivity);
  if (lastActivity === undefined) return "no-activity";
  if (positiveAt(meta, KEY.lineCount) === undefined) return "no-lines";
  return now - lastActivity < days(inactiveDays) ? "recent" : undefined;
}

/** Whether a sweep would archive a session with this metadata; `now` in unix ms. */
export function isIdle(meta: Meta, now: number, inactiveDays: number): boolean {
  return skipReason(meta, now, inactiveDays) === undefined;
}

/** An archive that may be pruned. */
export interface Candidate {
  readonly id: string;
  /** When it was archived, where that is unknown. */
  readonly lastActivityMs: number;
  readonly archivedAt: number;
  readonly storedBytes: number;
  /** Pinned and resumed sessions count toward the cap but are never dropped. */
  readonly protected: boolean;
}

export interface Victim extends Candidate {
  readonly reason: string;
}

/** By the time of their last activity. */
export function oldestFirst(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.toSorted((a, b) => a.lastActivityMs - b.lastActivityMs || (a.id < b.id ? -1 : 1));
}

/**
 * Archives to drop, oldest first: those without activity since `olderThan`, then as many as the cap asks for. `totalBytes`: what
 * all archives hold, if the candidates are only some of them.
 */
export function victims(
  candidates: readonly Candidate[],
  limits: { readonly maxTotalBytes: number; readonly olderThan?: number | undefined; readonly totalBytes?: number },
): readonly Victim[] {
  let total = limits.totalBytes ?? candidates.reduce((sum, candidate) => sum + candidate.storedBytes, 0);
  const chosen: Victim[] = [];
  for (const candidate of oldestFirst(candidates)) {
    if (candidate.protected) continue;
    const reason =
      limits.olderThan !== undefined && candidate.lastActivityMs < limits.olderThan
        ? "last activity too long ago"
        : total > limits.maxTotalBytes
          ? "archives over the byte cap"
          : undefined;
    if (reason === undefined) break; // all that follow are younger
    chosen.push({ ...candidate, reason });
    total -= candidate.storedBytes;
  }
  return chosen;
}
