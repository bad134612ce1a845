/** What a command gets, and how it is added to the argument parser. */
import type { Readable } from "node:stream";
import type { Archiver, ArchiverEvent, SessionFailure } from "@session-archiver/core";
import type { Command } from "commander";
import type { CliIo } from "./io.js";
import type { Output, OutputOptions } from "./output/output.js";
import type { Access, Stores } from "./stores/open.js";
import type { Places } from "./stores/places.js";
import type { StoreSpec } from "./stores/spec.js";

export interface CommandContext {
  readonly archiver: Archiver;
  /** For what the archiver does not do; everything else uses its methods. */
  readonly stores: Pick<Stores, "erase" | "paths" | "previous" | "reclaim">;
  /** Where the stores lie. */
  readonly places: Places;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly stdin: Readable | undefined;
  /** Whether a person is there to be asked. */
  readonly terminal: boolean;
  readonly cwd: string;
  readonly env: CliIo["env"];
  /** Sessions that listings have left out so far because their records can't be read; their ids are unknown: `""`. */
  readonly unreadable: readonly SessionFailure[];
  /** Unix ms. */
  now(): number;
  /** Prints a warning on stderr, once, as those of the archiver. */
  warn(message: string): void;
  /** Call it if the command itself reports pruned sessions that are in use again. */
  tellsRevived(): void;
  /** Sends the archiver's events to the listener from now on, except warnings. */
  listen(listener: (event: ArchiverEvent) => void): void;
}

/** Those of the program itself, which hold for every command. */
export interface GlobalOptions extends OutputOptions {
  readonly home?: string;
  readonly store?: StoreSpec;
  readonly archives?: StoreSpec;
  readonly json?: true;
}

/** A command's work, with the arguments of a commander action. Resolves to whether everything went well. */
export type Work<Arguments extends unknown[]> = (context: CommandContext, ...given: Arguments) => Promise<boolean>;

/** For a command that opens the stores itself, or can't. */
export interface AloneContext {
  readonly options: GlobalOptions;
  readonly io: CliIo;
  readonly output: Output;
  /** The program as these words would call it, without actions: to look at. */
  programFor(words: readonly string[]): Promise<Command>;
}

/** Makes actions for commander. */
export interface ActionFor {
  /** Opens the stores, does the work, closes them. `access`: `write` by default. */
  <Arguments extends unknown[]>(
    work: Work<Arguments>,
    access?: Access | ((...given: Arguments) => Access),
  ): (...given: Arguments) => Promise<void>;
  /** Opens nothing. The work resolves to the exit code. */
  alone<Arguments extends unknown[]>(
    work: (context: AloneContext, ...given: Arguments) => Promise<number>,
  ): (...given: Arguments) => Promise<void>;
}

/** For commands with `--dry-run`. */
export function unlessDryRun({ dryRun }: { readonly dryRun?: true }): Access {
  return dryRun ? "read" : "write";
}

/** Adds a command to the program. */
export type AddCommand = (program: Command, action: ActionFor) => void;
