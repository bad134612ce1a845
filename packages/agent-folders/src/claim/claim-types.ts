/**
 * The claim rule: how a file of a program that takes no lock of ours is taken from its place without losing a byte. See
 * ADR 0039. A claim is found by names alone, and any later run can finish it or take it back.
 */
import type { OpOptions } from "@session-archiver/core";
import type { FileLook, Files } from "../files.js";

/** One file to claim, and the proof that its bytes are archived. */
export interface Claimed {
  /** Absolute path without links of the root below which it lies; what is held lies in a folder of this one. */
  readonly root: string;
  /** Relative to the root, with slashes. */
  readonly path: string;
  /** The look at the file whose bytes are archived. */
  readonly look: FileLook;
  /** All of its bytes are in a verified archive: their number and CRC-32. */
  readonly size: number;
  readonly crc32: number;
}

/** What shows whether a file may still be written to. */
export interface WriterCheck {
  /**
   * `nobody`: proven that no process can write to the file any more. `somebody`: a process has it open. `unknown`:
   * this machine does not show it.
   */
  writers(file: FileLook, op: OpOptions): Promise<"nobody" | "somebody" | "unknown">;
}

export interface ClaimContext {
  readonly files: Files;
  readonly check: WriterCheck;
  /** Unix ms. */
  now(): number;
  /** 16 hex digits that never repeat. */
  randomId(): string;
  /**
   * Whether a file that begins so lacks its beginning: see `AgentSource`. Absent: a file that begins with another first
   * line than the one that was taken from its place lacks its beginning.
   */
  isFragment?(head: Uint8Array): boolean;
}

/**
 * freed: the files are gone. held: they are aside until nobody can write to them. back: something changed meanwhile;
 * all files are in their places again, whole. conflict: a file is not the archived one, nothing was done.
 */
export type ClaimOutcome = "freed" | "held" | "back" | "conflict";

export interface ClaimResult {
  readonly outcome: ClaimOutcome;
  /** For people: `it was written to meanwhile`. */
  readonly reason?: string | undefined;
  /** Bytes of disk that were given back. */
  readonly freedDiskBytes: number;
  /** Bytes of disk that wait aside. */
  readonly heldDiskBytes: number;
}

/** A file that a claim holds aside, as its name tells. */
export interface HeldPart {
  readonly root: string;
  /** The place that it was taken from, relative to the root. */
  readonly path: string;
  /** Absolute path of the part. */
  readonly location: string;
  /** Unix ms: when it was taken. */
  readonly at: number;
  readonly kind: PartKind;
  readonly look: FileLook;
  /** What of its beginning is in a file that was published since. Absent: none, or nobody knows. */
  readonly copied?: Extent | undefined;
  /**
   * Only of a `whole`: what it holds of each older part, oldest first; `undefined` for a part that it does not hold.
   * Absent: it may have been cut short while it was written.
   */
  readonly covers?: readonly (Extent | undefined)[] | undefined;
}

/** The beginning of a file: its bytes, and their CRC-32. */
export interface Extent {
  readonly size: number;
  readonly crc32: number;
}

/**
 * original: taken from its place to be freed. fragment: written at the place since then. whole: a copy of several parts.
 * last-bytes: written out from the open file, since bytes came after its last name was gone.
 */
export type PartKind = "original" | "fragment" | "whole" | "last-bytes";

/** What `claim.ts`, `held.ts` and `put-back.ts` offer. */
export interface ClaimRule {
  /**
   * Takes all files of one unit from their places, or none: when one of them turns out to have changed, all are put
   * back. Never renames over anything.
   */
  claim(ctx: ClaimContext, files: readonly Claimed[], op: OpOptions): Promise<ClaimResult>;
  /** All that is held aside below this root, by names alone. */
  heldParts(files: Files, root: string, op: OpOptions): AsyncIterable<HeldPart>;
  /**
   * Releases the parts of one place if their bytes are those that are archived, if they have not changed since they
   * were taken, and if nobody can write to them: proven, or after 24 hours in a later run. A part that has grown, or a
   * fragment that was written at the old place meanwhile, is put back as a whole. `archived`: what the archive holds of
   * the file.
   */
  finish(
    ctx: ClaimContext,
    parts: readonly HeldPart[],
    archived: { readonly size: number; readonly crc32: number } | undefined,
    op: OpOptions,
  ): Promise<ClaimResult>;
  /**
   * Publishes the whole of the parts, and of a fragment at the old place, at the old place: by link, never over
   * anything, again if another fragment comes first. Every part stays until it is known to be in the whole.
   */
  putBack(ctx: ClaimContext, parts: readonly HeldPart[], op: OpOptions): Promise<ClaimResult>;
}
