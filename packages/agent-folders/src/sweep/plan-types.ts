/** What a sweep of agents' folders would do, and why. */
import type { SessionFailure } from "@session-archiver/core";
import type { HeldPart } from "../claim/claim-types.js";
import type { LeftOut, Place, Unit } from "../source.js";
import type { FolderPolicy } from "./policy.js";

/**
 * archive-and-free: its bytes go into the archive, and its files go. archive: its files stay. free: the archive has its
 * bytes already, so its files go. join: a writer went on at a place from which the file had been taken; what it wrote is
 * joined to what is archived, and the whole is put back. leave: nothing.
 */
export type StepAction = "archive-and-free" | "archive" | "free" | "join" | "leave";

/** Why a unit is left, or its files stay. */
export type LeaveReason =
  | "live"
  | "recent"
  | "restored"
  | "pinned"
  | "pruned"
  | "forgotten"
  | "filtered"
  | "keep-last"
  | "keep-within"
  | "keeps"
  | "archived"
  | "needed"
  | "stays"
  | "not-here"
  | "two-files"
  | "elsewhere";

export interface FolderStep {
  readonly place: Place;
  readonly unit: Unit;
  /** Of the session in the store; the unit's id for a new one. */
  readonly sessionId: string;
  readonly project: string;
  readonly action: StepAction;
  /** In words: `idle for 12 days`, `Claude Code is running it (process 123)`. */
  readonly why: string;
  /** What keeps its files; `undefined` if nothing does. */
  readonly reason: LeaveReason | undefined;
  /** Bytes of its files, and the bytes of disk that they take up. */
  readonly bytes: number;
  readonly diskBytes: number;
  /** Unix ms. */
  readonly lastActivityMs: number;
  /** What is archived of it stays in place by the wish of its user. */
  readonly keeps: boolean;
}

/** What is held aside of one file. */
export interface HeldStep {
  readonly place: Place;
  readonly root: string;
  /** Relative to the root. */
  readonly path: string;
  readonly parts: readonly HeldPart[];
  /** `undefined`: no session of this store has such a file, so it is left alone. */
  readonly sessionId: string | undefined;
  readonly diskBytes: number;
  /** Unix ms: when a later run may let it go. */
  readonly dueAt: number;
}

/** As a plan has it. */
export interface PlannedHeld extends HeldStep {
  /** Its time has come, and the policy lets it go. Before its time, it goes only where nobody can write to it, proven. */
  readonly due: boolean;
  /** What keeps it although its time may have come: it is pinned, filtered, to be kept, or in a place that is not freed. */
  readonly reason: LeaveReason | undefined;
  /** In words, why it is not due; `undefined` if it is. */
  readonly why: string | undefined;
}

export interface UnsettledSession {
  readonly place: Place;
  readonly sessionId: string;
}

export interface PlacePlan {
  readonly place: Place;
  /** Why nothing here is freed: `it lies on a network file system`. */
  readonly notFreed: string | undefined;
  readonly leftOut: readonly LeftOut[];
  /** Sessions that the agent's own clean-up deletes within 7 days, and the bytes of their files. */
  readonly cleanUp: { readonly sessions: number; readonly bytes: number };
}

export interface FolderPlan {
  readonly policy: FolderPolicy;
  /** Unix ms: when it was made. */
  readonly at: number;
  /** By place, project and last activity. */
  readonly steps: readonly FolderStep[];
  /** All that is held aside, due or not. */
  readonly held: readonly PlannedHeld[];
  /** Sessions whose files are noted as held aside, also if none are: a run was cut short. */
  readonly unsettled: readonly UnsettledSession[];
  readonly places: readonly PlacePlan[];
  /** Sessions of the store that could not be looked at. */
  readonly failures: readonly SessionFailure[];
  /** Bytes of disk that files would give back, also those that are held and due; and an estimate of what their archives would take. */
  readonly freesDiskBytes: number;
  readonly archiveBytesEstimate: number;
}
