/** SQLite's failures, from either library, as this project's error codes. */
import {
  ArchiverError,
  codeOf,
  type ErrorCode,
  type ErrorContext,
  toArchiverError,
} from "@session-archiver/core/adapter";

/** https://www.sqlite.org/rescode.html: `node:sqlite` gives numbers, `better-sqlite3` names. */
const NAMES: Readonly<Record<number, string>> = {
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  8: "SQLITE_READONLY",
  264: "SQLITE_READONLY_RECOVERY",
  520: "SQLITE_READONLY_CANTINIT",
  776: "SQLITE_READONLY_ROLLBACK",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  26: "SQLITE_NOTADB",
  4874: "SQLITE_IOERR_SHMSIZE",
};

/** The beginnings of SQLite's own messages. Deno's `node:sqlite` gives no number with errors of `exec` and of opening. */
const WORDS: Readonly<Record<string, string>> = {
  "database is locked": "SQLITE_BUSY",
  "database table is locked": "SQLITE_LOCKED",
  "attempt to write a readonly database": "SQLITE_READONLY",
  "disk I/O error": "SQLITE_IOERR",
  "database disk image is malformed": "SQLITE_CORRUPT",
  "database or disk is full": "SQLITE_FULL",
  "unable to open database file": "SQLITE_CANTOPEN",
  "file is not a database": "SQLITE_NOTADB",
};

function resultCode(error: Error): string {
  if ("errcode" in error && typeof error.errcode === "number") {
    return NAMES[error.errcode] ?? NAMES[error.errcode & 0xff] ?? "";
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code !== "ERR_SQLITE_ERROR") return code;
  return Object.entries(WORDS).find(([words]) => error.message.startsWith(words))?.[1] ?? "";
}

/** The session and key of a failure, and the file if there is one: messages begin with its name. */
export interface Failing extends ErrorContext {
  readonly file?: string | undefined;
}

/** The file of a host's handle, if the handle names it. */
export function fileOf(handle: object): string | undefined {
  // node:sqlite has `location()`, better-sqlite3 `name`.
  const said: unknown = "location" in handle && typeof handle.location === "function" ? handle.location() : undefined;
  const name = said ?? ("name" in handle ? handle.name : undefined);
  return typeof name === "string" && name !== "" && name !== ":memory:" ? name : undefined;
}

function named(message: string, { file }: Failing): string {
  return file === undefined || message.startsWith(`${file}: `) ? message : `${file}: ${message}`;
}

/** Whether the host is using its connection: it is inside a transaction or (better-sqlite3) in the middle of an iteration. */
function isInUse(error: Error): boolean {
  // This project's own messages quote ids, which may hold any text.
  return codeOf(error) === undefined && /(within|inside) a transaction|busy executing a query/.test(error.message);
}

/** Whether trying again later may help. */
export function isBusy(error: unknown): error is Error {
  return error instanceof Error && (/^SQLITE_(BUSY|LOCKED)/.test(resultCode(error)) || isInUse(error));
}

export function busyError(error: Error, waitedMs: number, context: Failing): ArchiverError {
  const reason = isInUse(error)
    ? "The host's connection is inside a transaction or an iteration"
    : "Another connection holds the database's lock";
  const message = `${reason}; waited ${waitedMs} ms. Try again, or raise busyTimeoutMs.`;
  return new ArchiverError("UNAVAILABLE", named(message, context), { ...context, cause: error });
}

export function translate(error: unknown, context: Failing): Error {
  if (error instanceof ArchiverError) return withContext(error, context);
  const failure = (code: ErrorCode, message: string): Error =>
    new ArchiverError(code, named(message, context), { ...context, cause: error });
  const code = error instanceof Error ? resultCode(error) : "";
  // SHMSIZE: no room for the index of the write-ahead log. Opening a store on a full disk fails with it.
  if (/^SQLITE_(FULL|IOERR_SHMSIZE)/.test(code)) {
    return failure("QUOTA", "The disk, or the database's max_page_count, is full. Free space, then try again.");
  }
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) {
    return failure(
      "CORRUPT",
      "The file is damaged or no SQLite database. Run PRAGMA integrity_check; restore a backup.",
    );
  }
  // All sizes and numbers of this package are far below 2^53.
  if (error instanceof RangeError && error.message.includes("too large to be represented")) {
    return failure("CORRUPT", "A row holds a number that is too large to be ours. Restore a backup.");
  }
  if (codeOf(error) !== undefined) return toArchiverError(error);
  const advice = ADVICE.find(([pattern]) => pattern.test(code))?.[1];
  const said = error instanceof Error ? error.message : String(error);
  return failure("UNAVAILABLE", advice === undefined ? said : `${said}: ${advice}`);
}

/** Advice that SQLite's own messages lack. */
const ADVICE: readonly (readonly [code: RegExp, advice: string])[] = [
  [/^SQLITE_CANTOPEN/, "its folder must exist and be writable; to read only, open it with `readOnly`."],
  [/^SQLITE_READONLY_(ROLLBACK|RECOVERY|CANTINIT)/, "a change was cut short: open it once where it can be written to."],
  [/^SQLITE_READONLY/, "the file, its folder or the disk is read-only."],
  [/^SQLITE_IOERR/, "the disk has failed, or has become read-only; the system's log may say more."],
];

/** An error of this project. If it comes from code that knows neither session nor file, adds them. */
function withContext(error: ArchiverError, context: Failing): ArchiverError {
  if (error.id !== undefined || error.key !== undefined) return error;
  const message = error.code === "ABORTED" ? error.message : named(error.message, context);
  return new ArchiverError(error.code, message, { ...context, cause: error.cause ?? error });
}
