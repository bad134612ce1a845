/** PostgreSQL's failures, from any driver, as this project's error codes. */
import {
  ArchiverError,
  codeOf,
  type ErrorCode,
  type ErrorContext,
  toArchiverError,
} from "@session-archiver/core/adapter";

/**
 * https://www.postgresql.org/docs/current/errcodes-appendix.html: each has a digit, unlike EPIPE and our own QUOTA. `""` if it isn't one of the
 * server's: then the connection failed.
 */
export function sqlStateOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : "";
}

/** The statement was undone because of another one, and may be run again: a failed serialization, or a deadlock. */
export function isUndone(error: unknown): boolean {
  return /^(40001|40P01)$/.test(sqlStateOf(error));
}

/** A row of a statement's result was missing, or came between its look and its write: see `append.ts`. */
export function isIncomplete(error: unknown): boolean {
  return sqlStateOf(error) === "23502";
}

/**
 * Of the server's errors only those have another code than `UNAVAILABLE` after which the statement has surely changed nothing, and that a second
 * try won't mend. A lost connection tells nothing: the statement may have been committed.
 */
export function translate(error: unknown, context: ErrorContext): Error {
  const state = sqlStateOf(error);
  if (state === "" && codeOf(error) !== undefined) return withContext(toArchiverError(error), context);
  const said = error instanceof Error && error.message !== "" ? error.message : String(error);
  const failure = (code: ErrorCode, message: string): Error =>
    new ArchiverError(code, message, { id: context.id, key: context.key, cause: error });
  if (state === "53100") {
    return failure("QUOTA", `The server's disk is full (${said}). Nothing was changed; free space, then try again.`);
  }
  if (/^XX00[12]$/.test(state)) {
    return failure("CORRUPT", `The server finds its own files damaged: ${said}. Restore a backup.`);
  }
  const advice = ADVICE.find(([pattern]) => pattern.test(state))?.[1];
  if (advice !== undefined) return failure("UNAVAILABLE", `${said}: ${advice}`);
  if (state !== "") return failure("UNAVAILABLE", `${said} (PostgreSQL ${state})`);
  return failure("UNAVAILABLE", `The connection to PostgreSQL failed: ${said}`);
}

/** Advice that the server's own messages lack. */
const ADVICE: readonly (readonly [state: RegExp, advice: string])[] = [
  [/^25006/, "this server is a replica or was made read-only; connect to the primary."],
  [/^42501/, "the role lacks a right; the README lists the rights that it needs."],
  [/^(42P01|42703|3F000)/, "the tables are not there any more, or not whole; open the store again."],
  [/^(28...|3D000)/, "check user, password and database of the connection."],
  [/^53300/, "the server takes no more connections; make pools smaller, or use PgBouncer."],
  [/^(40001|40P01)/, "others keep changing the same rows; nothing was changed, try again."],
  [/^57P0/, "the server is stopping or starting; try again."],
  [/^57014/, "the statement took longer than the role's statement_timeout allows, or was cancelled."],
];

/** An error of this project. If it comes from code that knows neither session nor key, adds them. */
function withContext(error: Error, context: ErrorContext): Error {
  if (!(error instanceof ArchiverError)) return error;
  if (error.id !== undefined || error.key !== undefined) return error;
  if (context.id === undefined && context.key === undefined) return error;
  return new ArchiverError(error.code, error.message, {
    id: context.id,
    key: context.key,
    cause: error.cause ?? error,
  });
}
