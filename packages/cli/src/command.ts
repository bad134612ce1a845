/** What a command is given, and how it is tied to the argument parser. */
import type { Readable } from "node:stream";
import type { Archiver, ArchiverEvent, SessionFailure } from "@session-archiver/core";
import type { Command } from "commander";
import type { Output } from "./output/output.js";
import type { Stores } from "./stores.js";

export interface CommandContext {
  readonly archiver: Archiver;
  /** What the archiver does not do: all else goes by its verbs. */
  readonly stores: Pick<Stores, "paths" | "reclaim">;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly stdin: Readable | undefined;
  /** Whether somebody is there to be asked. */
  readonly terminal: boolean;
  readonly cwd: string;
  /** Sessions that listings have left out so far, as their records can't be read; their ids are unknown: `""`. */
  readonly unreadable: readonly SessionFailure[];
  /** Unix ms. */
  now(): number;
  /** The command itself will say of a session that was pruned and is in use again. */
  tellsRevived(): void;
  /** Hears the archiver's events, warnings excepted, from now on. */
  listen(listener: (event: ArchiverEvent) => void): void;
}

/** A command's work, with what commander hands to an action; whether all of it went well. */
export type Work<Arguments extends unknown[]> = (context: CommandContext, ...given: Arguments) => Promise<boolean>;

/** `read`: the command changes nothing, not even by opening the stores, and wants them to be there. */
export type Access = "read" | "write";

/** Makes an action for commander: opens the stores, does the work, closes them. `access`: `write` if not given. */
export type ActionFor = <Arguments extends unknown[]>(
  work: Work<Arguments>,
  access?: Access | ((...given: Arguments) => Access),
) => (...given: Arguments) => Promise<void>;

/** For commands with `--dry-run`. */
export function unlessDryRun({ dryRun }: { readonly dryRun?: true }): Access {
  return dryRun ? "read" : "write";
}

/** Adds a command to the program. */
export type AddCommand = (program: Command, action: ActionFor) => void;
