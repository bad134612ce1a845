/** Decides what a sweep does with one unit. Pure. */
import type { KnownSession } from "../catalogue.js";
import { versionOf } from "../originals.js";
import { keyOf } from "../paths.js";
import type { Place, Unit } from "../source.js";
import { filteredOf, isLeftOut } from "./filters.js";
import type { LeaveReason, StepAction } from "./plan-types.js";
import { days, daysToMs, type FolderPolicy } from "./policy.js";

const HOUR_MS = 60 * 60 * 1000;

/** What is known of a unit when it is judged. */
export interface Candidate {
  readonly place: Place;
  readonly unit: Unit;
  readonly session: KnownSession | undefined;
  /** For people. */
  readonly project: string;
  readonly isUnchanged: boolean;
  readonly bytes: number;
  readonly lastActivityMs: number;
  /** The unit, or a session that an import has made of one of its files. */
  readonly isPinned: boolean;
  /** Why it is live. */
  readonly live: string | undefined;
  /** Why nothing in the place is freed. */
  readonly notFreed: string | undefined;
  /** What stops any work on it. */
  readonly obstacle: Verdict | undefined;
  /** It is among the newest of its project. */
  readonly rank: "keep-last" | "keep-within" | undefined;
}

export interface Verdict {
  readonly action: StepAction;
  readonly why: string;
  readonly reason: LeaveReason | undefined;
}

export function judge(candidate: Candidate, policy: FolderPolicy, now: number): Verdict {
  const { unit, session, isUnchanged, notFreed } = candidate;
  const isNamed = policy.free.includes(session?.id ?? unit.id);
  const against = candidate.obstacle ?? gone(candidate) ?? busy(candidate, now);
  if (against) return against;
  const young = isNamed ? undefined : wanted(candidate, policy, now);
  if (young) return young;
  const idle = isNamed
    ? "it was named"
    : `idle for ${days(Math.floor((now - candidate.lastActivityMs) / daysToMs(1)))}`;
  const stay = (reason: LeaveReason, why: string): Verdict =>
    isUnchanged ? { action: "leave", reason, why } : { action: "archive", reason, why };
  if (notFreed !== undefined) return stay("not-here", notFreed);
  if (!isNamed && policy.keepOriginals) return stay("keeps", isUnchanged ? "it is archived" : idle);
  if (!isNamed && session?.originals?.keeps) return stay("keeps", "its originals are to stay");
  return { action: isUnchanged ? "free" : "archive-and-free", reason: undefined, why: idle };
}

function leave(reason: LeaveReason, why: string): Verdict {
  return { action: "leave", reason, why };
}

/** Its user has given it up, and its agent has not gone on since. */
function gone({ unit, session, bytes }: Candidate): Verdict | undefined {
  if (unit.stays !== undefined) return leave("stays", unit.stays);
  if (session?.isForgotten) return leave("forgotten", "it was forgotten, so nothing is made of it again");
  const isNoMore = (unit.members[0]?.look.size ?? bytes) <= (session?.rawBytes ?? 0);
  if (session?.state === "pruned" && isNoMore) return leave("pruned", "its archive was pruned; the agent's files stay");
  return undefined;
}

function busy({ unit, isPinned, live }: Candidate, now: number): Verdict | undefined {
  if (isPinned) return leave("pinned", "it is pinned");
  if (live !== undefined) return leave("live", live);
  if (now - unit.lastModifiedMs < HOUR_MS) return leave("live", "it was changed within the last hour");
  return undefined;
}

function wanted(candidate: Candidate, policy: FolderPolicy, now: number): Verdict | undefined {
  const { session, isUnchanged, rank } = candidate;
  const filtered = filteredOf(candidate, now);
  if (isLeftOut(policy, filtered)) return leave("filtered", "the filters leave it out");
  if (filtered.ageMs < daysToMs(policy.idleDays))
    return leave("recent", `it is not idle for ${days(policy.idleDays)} yet`);
  const restoredAt = session?.originals?.restoredAt;
  // In either direction: a clock that was wrong for a moment must not keep a session from sweeps for years.
  const isCooling = restoredAt !== undefined && Math.abs(now - restoredAt) < daysToMs(policy.cooldownDays);
  if (isCooling && isUnchanged) return leave("restored", "it was put back a short while ago");
  if (rank === "keep-last") return leave(rank, `it is among the last ${policy.keepLast} of its project`);
  if (rank === "keep-within") {
    return leave(rank, `it is within ${days(policy.keepWithinDays)} of its project's last activity`);
  }
  return undefined;
}

/** Whether the archive holds exactly these files, by their looks. */
export function isUnchangedSince(unit: Unit, session: KnownSession | undefined): boolean {
  if (session?.originals?.pending) return false;
  const noted = Object.values(session?.originals?.members ?? {});
  const versions = new Map(noted.map(({ root, path, version }) => [keyOf(root, path), version]));
  return unit.members.every(({ root, path, look }) => versions.get(keyOf(root, path)) === versionOf(look));
}

/** A session that was put back has files dated as their agent needs them: its own last activity is the noted one. */
export function lastActivityOf(unit: Unit, session: KnownSession | undefined, isUnchanged: boolean): number {
  const { restoredAt, members } = session?.originals ?? {};
  if (restoredAt === undefined || !isUnchanged || !members) return unit.lastModifiedMs;
  return Math.max(...Object.values(members).map(({ mtimeMs }) => mtimeMs));
}
