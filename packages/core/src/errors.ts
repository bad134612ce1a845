/** Why an operation failed. Codes are stable across versions; messages are for people and may change. */
export type ErrorCode =
  | "NOT_FOUND"
  | "CONFLICT"
  | "CORRUPT"
  | "PRUNED"
  | "ABORTED"
  | "QUOTA"
  | "UNAVAILABLE"
  | "INVALID_ARGUMENT";

/** All codes. */
export const ERROR_CODES: readonly ErrorCode[] = [
  "NOT_FOUND",
  "CONFLICT",
  "CORRUPT",
  "PRUNED",
  "ABORTED",
  "QUOTA",
  "UNAVAILABLE",
  "INVALID_ARGUMENT",
];

/** Where an error happened. */
export interface ErrorContext {
  /** Session id. */
  readonly id?: string | undefined;
  /** Blob name or sink key. */
  readonly key?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Every failure of the library and its adapters. Test its `code` (see {@link hasCode}), never `instanceof`: one process
 * may have loaded two copies of this package.
 */
export class ArchiverError extends Error {
  override readonly name = "ArchiverError";
  readonly code: ErrorCode;
  readonly id: string | undefined;
  readonly key: string | undefined;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.code = code;
    this.id = context.id;
    this.key = context.key;
  }
}

/** The error's code, if it is one of {@link ERROR_CODES}; the error may come from another copy of the package. */
export function codeOf(error: unknown): ErrorCode | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return ERROR_CODES.find((known) => known === code);
}

/** Whether the value is an error with one of these codes; it may come from another copy of the package. */
export function hasCode(error: unknown, ...codes: ErrorCode[]): boolean {
  const code = codeOf(error);
  return code !== undefined && codes.includes(code);
}

/** Throws `ABORTED` once the signal is aborted; call it between steps. */
export function throwIfAborted(signal: AbortSignal | undefined, context: ErrorContext = {}): void {
  if (signal?.aborted) {
    throw new ArchiverError("ABORTED", "The operation was aborted.", { ...context, cause: signal.reason });
  }
}

/** Wraps an unknown failure of a backend as `UNAVAILABLE`; an error that has a code already is returned as it is. */
export function toArchiverError(error: unknown, context: ErrorContext = {}): Error {
  if (codeOf(error) !== undefined && error instanceof Error) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ArchiverError("UNAVAILABLE", message, { ...context, cause: error });
}
