/** Which sessions of an agent's folder are swept. All parts of a policy must agree to it. */
import { ArchiverError } from "@session-archiver/core";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Matches a unit that has all that is given. */
export interface UnitFilter {
  /** Name of the source: `claude-code`. */
  readonly agent?: string | undefined;
  /** The project, with `*` for any characters but `/`, `**` for any, `?` for one. */
  readonly project?: string | undefined;
  /** Days since the last activity: at least, and less than. */
  readonly olderThanDays?: number | undefined;
  readonly youngerThanDays?: number | undefined;
  /** Bytes of all its files: at least, and at most. */
  readonly minBytes?: number | undefined;
  readonly maxBytes?: number | undefined;
}

export interface FolderPolicy {
  /** Only sessions without activity for this many days. */
  readonly idleDays: number;
  /** The newest sessions of each project stay: this many. */
  readonly keepLast: number;
  /** Sessions of a project stay if their last activity is within this many days of the project's last activity. */
  readonly keepWithinDays: number;
  /** Only those that match one of these; all, if there are none. */
  readonly include: readonly UnitFilter[];
  /** None that match one of these. */
  readonly exclude: readonly UnitFilter[];
  /** Days for which a session that was put back is left alone, unless it has gone on. */
  readonly cooldownDays: number;
  /** Archives, and frees nothing, nor what is held aside. What is archived so stays until it is named in `free`. */
  readonly keepOriginals: boolean;
  /** Session ids that are freed although they were to stay: not asked for age, number, filters or `keepOriginals`. */
  readonly free: readonly string[];
}

export const DEFAULT_FOLDER_POLICY: FolderPolicy = {
  idleDays: 7,
  keepLast: 0,
  keepWithinDays: 0,
  include: [],
  exclude: [],
  cooldownDays: 1,
  keepOriginals: false,
  free: [],
};

const NUMBERS = ["idleDays", "keepLast", "keepWithinDays", "cooldownDays"] as const;
const LIMITS = ["olderThanDays", "youngerThanDays", "minBytes", "maxBytes"] as const;
const TEXTS = ["agent", "project"] as const;

/** The default policy, overridden by what is given. `INVALID_ARGUMENT` for an unknown key or an impossible value. */
export function folderPolicy(given: Partial<FolderPolicy> = {}): FolderPolicy {
  const known = Object.keys(DEFAULT_FOLDER_POLICY);
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [key] of entries) {
    if (!known.includes(key)) refuse(`A policy for folders has no "${key}"; it has ${known.join(", ")}.`);
  }
  const policy: FolderPolicy = { ...DEFAULT_FOLDER_POLICY, ...Object.fromEntries(entries) };
  for (const key of NUMBERS) checkNumber(key, policy[key]);
  if (typeof policy.keepOriginals !== "boolean") refuse("keepOriginals of the policy must be true or false.");
  if (!Array.isArray(policy.free) || !policy.free.every((id) => typeof id === "string")) {
    refuse("free of the policy must be a list of session ids.");
  }
  for (const key of ["include", "exclude"] as const) {
    if (!Array.isArray(policy[key])) refuse(`${key} of the policy must be a list of filters.`);
    for (const filter of policy[key]) checkFilter(filter);
  }
  return policy;
}

/** In words, for the record of a run: `idle for 7 days`. */
export function inWords({ idleDays, keepLast, keepWithinDays, include, exclude, free }: FolderPolicy): string {
  const words = [
    `idle for ${days(idleDays)}`,
    ...(keepLast > 0 ? [`not among the last ${keepLast} of its project`] : []),
    ...(keepWithinDays > 0 ? [`not within ${days(keepWithinDays)} of its project's last activity`] : []),
    ...(include.length > 0 || exclude.length > 0 ? ["by filters"] : []),
  ];
  return free.length > 0 ? `named, or ${words.join(", ")}` : words.join(", ");
}

export function daysToMs(count: number): number {
  return count * DAY_MS;
}

export function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}

function checkFilter(filter: UnitFilter): void {
  if (typeof filter !== "object" || filter === null) refuse("A filter must be an object.");
  const known: readonly string[] = [...TEXTS, ...LIMITS];
  for (const [key, value] of Object.entries(filter)) {
    if (!known.includes(key)) refuse(`A filter has no "${key}"; it has ${known.join(", ")}.`);
    if (value === undefined) continue;
    if ((TEXTS as readonly string[]).includes(key)) {
      if (typeof value !== "string" || value === "") refuse(`${key} of a filter must be text that is not empty.`);
    } else checkNumber(key, value);
  }
}

function checkNumber(key: string, value: unknown): void {
  if (typeof value !== "number" || !(value >= 0)) refuse(`${key} must be a number of at least 0.`);
}

function refuse(message: string): never {
  throw new ArchiverError("INVALID_ARGUMENT", message);
}
