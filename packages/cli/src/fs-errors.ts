/** Converts the file system's errors into the library's. */
import { ArchiverError, codeOf, type ErrorCode, type ErrorContext } from "@session-archiver/core";

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: "NOT_FOUND",
  ENOTDIR: "NOT_FOUND",
  EEXIST: "CONFLICT",
  ENOSPC: "QUOTA",
  EDQUOT: "QUOTA",
  EFBIG: "QUOTA",
  ENAMETOOLONG: "INVALID_ARGUMENT",
};

export function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** An error that has one of the library's codes is returned as it is. `doing` as in `read "x"`. */
export function toFileError(error: unknown, doing: string, context: ErrorContext = {}): Error {
  if (codeOf(error) !== undefined && error instanceof Error) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const code = CODES[systemCode(error)] ?? "UNAVAILABLE";
  return new ArchiverError(code, `Could not ${doing}: ${reason}`, { ...context, cause: error });
}
