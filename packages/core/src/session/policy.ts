/** When sessions are archived, pruned and purged, and which ones a sweep archives. Pure. */
import { ArchiverError } from "../errors.js";
import { SMALL_PART_BYTES } from "../format/merge-parts.js";
import type { Meta } from "../ports.js";
import { KEY, positiveAt } from "./metadata.js";
import { stateOf } from "./state.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * When sessions are archived, pruned and purged. Each value is a number of at least 0; `Infinity` means never, or no
 * limit.
 */
export interface Policy {
  /** A session is idle after this many days without activity. */
  readonly inactiveDays: number;
  /** Bytes that all archives together may take up; `Infinity` prunes nothing. */
  readonly maxTotalBytes: number;
  /** Days between a prune's tombstone and the deletion of the bytes. */
  readonly graceDays: number;
  /** Days for which sweeps leave a restored session alone, unless it gets new output. */
  readonly cooldownDays: number;
  /**
   * New output of an archived session gets an archive file of its own, unless the session has fewer raw bytes than this, or
   * what it would follow has less than a quarter of that: then both become one. `Infinity` always makes one file of all.
   */
  readonly smallPartBytes: number;
  /**
   * A session of one file with fewer raw bytes than this is archived as one object in the sink, which has the manifest inline; it
   * counts as 1 MiB if it is more. 0 puts every manifest beside its archive.
   */
  readonly inlineManifestBytes: number;
}

/** Archives idle sessions and prunes nothing. */
export const DEFAULT_POLICY: Policy = {
  inactiveDays: 7,
  maxTotalBytes: Number.POSITIVE_INFINITY,
  graceDays: 7,
  cooldownDays: 1,
  smallPartBytes: SMALL_PART_BYTES,
  inlineManifestBytes: 64 * 1024,
};

/** The original system's policy: also prunes the oldest archives as soon as all together exceed 2 GiB. */
export const ORIGINAL_POLICY: Policy = { ...DEFAULT_POLICY, maxTotalBytes: 2 * 1024 ** 3 };

/** The default policy, overridden by what is given. `INVALID_ARGUMENT` for an unknown key or an impossible value. */
export function policyFrom(given: Partial<Policy> = {}): Policy {
  const keys = Object.keys(DEFAULT_POLICY);
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new ArchiverError("INVALID_ARGUMENT", `The policy must be an object with any of ${keys.join(", ")}.`);
  }
  const values = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [key, value] of values) {
    if (!keys.includes(key)) {
      throw new ArchiverError("INVALID_ARGUMENT", `A policy has no "${key}"; it has ${keys.join(", ")}.`);
    }
    if (typeof value !== "number" || !(value >= 0)) {
      const message = `${key} of the policy must be a number of at least 0, is ${describe(value)}; a policy has ${keys.join(", ")}.`;
      throw new ArchiverError("INVALID_ARGUMENT", message);
    }
  }
  return { ...DEFAULT_POLICY, ...Object.fromEntries(values) };
}

function describe(value: unknown): string {
  return typeof value === "number" ? String(value) : `of type ${value === null ? "null" : typeof value}`;
}

export function days(count: number): number {
  return count * DAY_MS;
}

/** Why a sweep leaves a session alone. */
export type SkipReason =
  | "not-agent"
  | "archived"
  | "pruned"
  | "pinned"
  | "no-activity"
  | "no-lines"
  | "recent"
  | "restored";

export function isPinned(meta: Meta): boolean {
  const pinned = meta[KEY.pinned];
  return pinned !== undefined && pinned !== null && pinned !== false && pinned !== 0;
}

/** `undefined` if the session is idle and to be archived; otherwise the first reason against it. `now` in unix ms. */
export function skipReason(
  meta: Meta,
  now: number,
  inactiveDays: number,
  cooldownDays: number = DEFAULT_POLICY.cooldownDays,
): SkipReason | undefined {
  if (meta[KEY.view] !== "agent") return "not-agent";
  const state = stateOf(meta);
  if (state === "pruned" || state === "archived") return state;
  if (isPinned(meta)) return "pinned";
  const lastActivity = positiveAt(meta, KEY.lastActivity);
  if (lastActivity === undefined) return "no-activity";
  if (positiveAt(meta, KEY.lineCount) === undefined) return "no-lines";
  if (now - lastActivity < days(inactiveDays)) return "recent";
  const restoredAt = positiveAt(meta, KEY.restoredAt);
  if (restoredAt === undefined || lastActivity > restoredAt) return undefined;
  // In either direction: a clock that was wrong for a moment must not keep a session from sweeps for years.
  return Math.abs(now - restoredAt) < days(cooldownDays) ? "restored" : undefined;
}
