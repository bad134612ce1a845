/** What the file system says, as ArchiverErrors. */
import { ArchiverError, codeOf, type ErrorContext } from "@session-archiver/core/adapter";

/** The system's code of an error, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

const NO_SPACE = ["ENOSPC", "EDQUOT", "EFBIG"];

/** `doing` says what was tried, as in `write archive "a"`. Errors of ours that name their session or key pass. */
function toFsError(error: unknown, doing: string, context: ErrorContext): Error {
  const known = codeOf(error);
  if (known && error instanceof Error && isNamed(error)) return error;
  const code = known ?? (NO_SPACE.includes(systemCode(error) ?? "") ? "QUOTA" : "UNAVAILABLE");
  const cause = (known && error instanceof Error && error.cause) || error;
  return new ArchiverError(code, `Could not ${doing}: ${messageOf(error)}`, { ...context, cause });
}

function isNamed(error: Error & ErrorContext): boolean {
  return error.id !== undefined || error.key !== undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Runs a step, and gives its failures their meaning. */
export async function guarded<T>(doing: string, context: ErrorContext, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw toFsError(error, doing, context);
  }
}

/** The same for a stream. */
export async function* guardedStream<T>(
  doing: string,
  context: ErrorContext,
  items: AsyncIterable<T>,
): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    throw toFsError(error, doing, context);
  }
}

/**
 * Runs a step after which others may see the change: a failure leaves it open whether it will last, which only
 * `UNAVAILABLE` says.
 */
export async function committing<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw new ArchiverError("UNAVAILABLE", `It may or may not have been done: ${messageOf(error)}`, { cause: error });
  }
}

/** `undefined` instead of an error with one of these codes of the system's. */
export async function unless<T>(codes: readonly string[], step: Promise<T>): Promise<T | undefined> {
  try {
    return await step;
  } catch (error) {
    if (codes.includes(systemCode(error) ?? "")) return undefined;
    throw error;
  }
}
