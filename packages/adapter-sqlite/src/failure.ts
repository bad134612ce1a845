/** SQLite's failures, from either library, as this project's error codes. */
import { ArchiverError, codeOf, type ErrorContext, hasCode, toArchiverError } from "@session-archiver/core";

/** https://www.sqlite.org/rescode.html: `node:sqlite` gives numbers, `better-sqlite3` names. */
const NAMES: Readonly<Record<number, string>> = {
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  8: "SQLITE_READONLY",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  26: "SQLITE_NOTADB",
  4874: "SQLITE_IOERR_SHMSIZE",
};

function resultCode(error: Error): string {
  if ("errcode" in error && typeof error.errcode === "number") {
    return NAMES[error.errcode] ?? NAMES[error.errcode & 0xff] ?? "";
  }
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Whether the host uses its connection: inside a transaction or (better-sqlite3) in the middle of an iteration. */
function isInUse(error: Error): boolean {
  // Our own messages quote ids, which may hold anything.
  return codeOf(error) === undefined && /(within|inside) a transaction|busy executing a query/.test(error.message);
}

/** Whether trying again later may help. */
export function isBusy(error: unknown): error is Error {
  return error instanceof Error && (/^SQLITE_(BUSY|LOCKED)/.test(resultCode(error)) || isInUse(error));
}

export function busyError(error: Error, waitedMs: number, context: ErrorContext): ArchiverError {
  const reason = isInUse(error)
    ? "The host's connection is inside a transaction or an iteration"
    : "Another connection holds the database's lock";
  const message = `${reason}; waited ${waitedMs} ms. Try again, or raise busyTimeoutMs.`;
  return new ArchiverError("UNAVAILABLE", message, { ...context, cause: error });
}

export function translate(error: unknown, context: ErrorContext): Error {
  if (error instanceof ArchiverError) return withContext(error, context);
  const code = error instanceof Error ? resultCode(error) : "";
  // SHMSIZE: no room for the index of the write-ahead log, which is what opening a store on a full disk meets.
  if (/^SQLITE_(FULL|IOERR_SHMSIZE)/.test(code)) {
    const message = "The disk, or the database's max_page_count, is full. Free space, then try again.";
    return new ArchiverError("QUOTA", message, { ...context, cause: error });
  }
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) {
    const message = "The file is damaged or is no SQLite database. Run PRAGMA integrity_check; restore a backup.";
    return new ArchiverError("CORRUPT", message, { ...context, cause: error });
  }
  // Sizes and numbers of ours are all far below 2^53.
  if (error instanceof RangeError && code === "ERR_OUT_OF_RANGE") {
    const message = "A row holds a number that is too large to be ours. Restore a backup.";
    return new ArchiverError("CORRUPT", message, { ...context, cause: error });
  }
  const advice = ADVICE.find(([pattern]) => pattern.test(code))?.[1];
  if (error instanceof Error && advice !== undefined) {
    return new ArchiverError("UNAVAILABLE", `${error.message}: ${advice}`, { ...context, cause: error });
  }
  return toArchiverError(error, context);
}

/** What SQLite's own words leave open. */
const ADVICE: readonly (readonly [code: RegExp, advice: string])[] = [
  [/^SQLITE_CANTOPEN/, "its folder must exist and, also for reading, be writable."],
  [/^SQLITE_READONLY/, "the file, its folder or the disk is read-only."],
  [/^SQLITE_IOERR/, "the disk has failed, or has become read-only; the system's log may say more."],
];

/** Our own error; one from below, where the session isn't known, says now which it was. */
function withContext(error: ArchiverError, context: ErrorContext): ArchiverError {
  if (error.id !== undefined || error.key !== undefined) return error;
  return new ArchiverError(error.code, error.message, { ...context, cause: error.cause ?? error });
}

/** What `work` gives; `undefined`, and the error told, if that is `CORRUPT`: one bad row must not hide all others. */
export function unlessCorrupt<T>(work: () => T, onSkipped: (error: Error) => void): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || !hasCode(error, "CORRUPT")) throw error;
    onSkipped(error);
    return undefined;
  }
}
