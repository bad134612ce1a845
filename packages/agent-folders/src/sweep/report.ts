/** What a sweep of agents' folders has done. */
import type { SessionFailure } from "@session-archiver/core";
import type { Run } from "../originals.js";
import type { FolderStep, HeldStep } from "./plan-types.js";

/**
 * freed: its files are gone. held: they are aside until nobody can write to them. archived: its files stay. joined: what
 * was written anew is joined to what was archived, and back in its place. left: nothing was done. failed: see
 * `failures`.
 */
export type StepOutcome = "freed" | "held" | "archived" | "joined" | "left" | "failed";

export interface StepDone {
  readonly step: FolderStep;
  readonly outcome: StepOutcome;
  readonly why: string;
  readonly archiveBytesAdded: number;
  readonly freedDiskBytes: number;
  readonly heldDiskBytes: number;
  /** Ids of sessions that earlier imports had made of its other files, and that are part of it now. */
  readonly adopted: readonly string[];
}

export interface FinishDone {
  readonly step: HeldStep;
  /** back: the unit is in its places again. */
  readonly outcome: "freed" | "held" | "back" | "left" | "failed";
  readonly why: string;
  readonly freedDiskBytes: number;
}

export interface FolderReport {
  readonly run: Run;
  readonly done: readonly StepDone[];
  readonly finished: readonly FinishDone[];
  readonly failures: readonly SessionFailure[];
  readonly archiveBytesAdded: number;
  /** Bytes of disk. */
  readonly freedDiskBytes: number;
  readonly heldDiskBytes: number;
}
