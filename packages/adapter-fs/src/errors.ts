/** Errors of the file system, as ArchiverErrors. */
import {
  ArchiverError,
  type Awaitable,
  actionOf,
  type Call,
  codeOf,
  type ErrorContext,
  skipCorrupt,
} from "@session-archiver/core/adapter";

/** The system's code of an error, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

const NO_SPACE = ["ENOSPC", "EDQUOT", "EFBIG"];

/** Adds what was tried to every error, except to an ArchiverError that already names its session or key. */
export function mapFsErrors(error: unknown, call: Call): Error {
  const known = codeOf(error);
  if (known && error instanceof Error && isNamed(error)) return error;
  const code = known ?? (NO_SPACE.includes(systemCode(error) ?? "") ? "QUOTA" : "UNAVAILABLE");
  const cause = (known && error instanceof Error && error.cause) || error;
  return new ArchiverError(code, `Could not ${actionOf(call)}: ${messageOf(error)}`, { ...call, cause });
}

function isNamed(error: Error & ErrorContext): boolean {
  return error.id !== undefined || error.key !== undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Runs a step after which other processes may see the change. If it fails, the change may or may not last, and
 * `UNAVAILABLE` is the only code that says so.
 */
export async function mapCommitErrors<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw new ArchiverError("UNAVAILABLE", `It may or may not have been done: ${messageOf(error)}`, { cause: error });
  }
}

/** `undefined` instead of an error with one of these system codes. */
export async function unless<T>(codes: readonly string[], step: Promise<T>): Promise<T | undefined> {
  try {
    return await step;
  } catch (error) {
    if (codes.includes(systemCode(error) ?? "")) return undefined;
    throw error;
  }
}

/** `undefined` instead of damage and missing rights, which are the affair of the session that has them. */
export async function unlessUnreadable<T>(
  look: () => Awaitable<T>,
  onSkipped: (error: Error) => void,
): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Error && ["EACCES", "EPERM"].includes(systemCode(error) ?? "")) onSkipped(error);
    else skipCorrupt(error, onSkipped);
    return undefined;
  }
}
