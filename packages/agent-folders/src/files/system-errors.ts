/** Errors of the file system, as ArchiverErrors. */
import { ArchiverError, codeOf } from "@session-archiver/core";

const NO_SPACE = ["ENOSPC", "EDQUOT", "EFBIG"];
const ABSENT = ["ENOENT", "ENOTDIR"];

/** The system's code of an error, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** Whether the error says that there is nothing at the path. */
export function isAbsent(error: unknown): boolean {
  return ABSENT.includes(systemCode(error) ?? "");
}

/** `QUOTA` for a full disk, else `UNAVAILABLE`. An ArchiverError stays as it is. */
export function fileError(action: string, path: string, error: unknown): Error {
  if (error instanceof Error && codeOf(error) !== undefined) return error;
  const code = NO_SPACE.includes(systemCode(error) ?? "") ? "QUOTA" : "UNAVAILABLE";
  const message = error instanceof Error ? error.message : String(error);
  return new ArchiverError(code, `Could not ${action} "${path}": ${message}`, { key: path, cause: error });
}

/** Runs one step on a file. The codes in `expected` give `otherwise` instead of an error. */
export async function step<T>(
  action: string,
  path: string,
  run: () => Promise<T>,
  expected: readonly string[] = [],
  otherwise?: T,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (otherwise !== undefined && expected.includes(systemCode(error) ?? "")) return otherwise;
    throw fileError(action, path, error);
  }
}
