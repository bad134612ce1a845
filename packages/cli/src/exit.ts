/** How a run ends. */
import { ArchiverError, hasCode, toArchiverError } from "@session-archiver/core";
import { CommanderError } from "commander";
import type { ErrorDocument } from "./documents.js";
import { hintFor } from "./failure-line.js";
import type { CliIo } from "./io.js";
import { ClosedPipe } from "./output/pipe.js";
import { printable, withoutPasswords } from "./output/text.js";
import { UsageError } from "./usage-error.js";

export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  mended: 3,
  unconfirmed: 4,
  interrupted: 130,
  terminated: 143,
} as const;

/** An `ABORTED` with a line for people who have interrupted a command. */
class Interrupted extends ArchiverError {
  readonly advice: string;

  constructor(advice: string, cause: unknown) {
    super("ABORTED", cause instanceof Error ? cause.message : "The operation was aborted.", { cause });
    this.advice = advice;
  }
}

export const UNDO_ADVICE = "`history` shows what was done, `undo` takes it back.";

/** The same work; if it is interrupted, the advice is printed. */
export async function advised<Result>(work: Promise<Result>, advice: string): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw hasCode(error, "ABORTED") ? new Interrupted(advice, error) : error;
  }
}

/** What stopped the run: its exit code, and what to print about it. */
export interface Ending {
  readonly exitCode: number;
  /** For stderr. */
  readonly lines: readonly string[];
  readonly document?: ErrorDocument;
}

export function endingOf(error: unknown, io: CliIo): Ending {
  if (error instanceof CommanderError) return usageEnding(error);
  if (error instanceof UsageError) {
    return {
      exitCode: EXIT.usage,
      lines: [`error: ${printable(error.message)}`, ...error.details.map((line) => `  ${printable(line)}`)],
      document: usageDocument([error.message, ...error.details].join("\n")),
    };
  }
  const hasEnough = error instanceof ClosedPipe;
  const document = documentOf(error);
  if (io.signal?.aborted && (hasEnough || document.error.code === "ABORTED")) {
    const exitCode = io.signal.reason === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
    const lines = ["Interrupted. Nothing is half-done; run the command again to go on."];
    if (error instanceof Interrupted) lines.push(error.advice);
    return { exitCode, lines, document };
  }
  if (hasEnough) return { exitCode: EXIT.ok, lines: [] };
  const { code, message, id } = document.error;
  const lines = [
    `error: ${printable(message)}${id !== undefined || code === "CORRUPT" ? hintFor(code) : ""} [${code}]`,
  ];
  if (io.env["SESSION_ARCHIVER_DEBUG"]) lines.push(...stackOf(error).map(printable));
  return { exitCode: EXIT.failed, lines, document };
}

/** Commander has already printed its errors, the version, and help that was asked for (which ends with 0). */
function usageEnding({ exitCode, code, message }: CommanderError): Ending {
  if (exitCode === 0) return { exitCode: EXIT.ok, lines: [] };
  const what = code === "commander.help" ? "Name a command." : message.replace(/^error: /, "");
  return { exitCode: EXIT.usage, lines: [], document: usageDocument(withoutPasswords(what)) };
}

function usageDocument(message: string): ErrorDocument {
  return { error: { code: "INVALID_ARGUMENT", message } };
}

export function documentOf(error: unknown): ErrorDocument {
  const { code, message, id, key } = toArchiverError(error) as ArchiverError;
  return { error: { code, message, ...(id === undefined ? {} : { id }), ...(key === undefined ? {} : { key }) } };
}

function stackOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  // The message is one line, whatever it quotes.
  const head = `${error.name}: ${error.message}`;
  const { stack = "" } = error;
  const own = stack.startsWith(head) ? [head, ...stack.slice(head.length).split("\n").slice(1)] : stack.split("\n");
  return error.cause === undefined ? own : [...own, "caused by:", ...stackOf(error.cause)];
}
