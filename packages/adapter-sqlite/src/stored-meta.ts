/** Metadata and its version as a row holds them: checked on the way in, and not believed on the way out. */
import { ArchiverError, type ErrorContext, type Meta } from "@session-archiver/core/adapter";
import { type Row, textOf } from "./driver.js";

export function checkVersion(version: unknown, context: ErrorContext): void {
  if (typeof version === "string") return;
  throw new ArchiverError("INVALID_ARGUMENT", `The expected version must be a string, is ${version}.`, context);
}

export function toJson(meta: Meta, context: ErrorContext): string {
  let cause: unknown;
  try {
    if (typeof meta === "object" && meta !== null && !Array.isArray(meta)) return JSON.stringify(meta);
  } catch (error) {
    cause = error;
  }
  throw new ArchiverError("INVALID_ARGUMENT", "The metadata must be an object that JSON can hold.", {
    ...context,
    cause,
  });
}

/** `CORRUPT` if the row holds anything else; `of` says whose it is. */
export function versionIn(row: Row, of: string, context: ErrorContext): string {
  if (typeof row["version"] === "string") return row["version"];
  throw new ArchiverError("CORRUPT", `The version of ${of} is damaged. Restore a backup.`, context);
}

/** `CORRUPT` as above. */
export function metaIn(row: Row, of: string, context: ErrorContext): Meta {
  let cause: unknown;
  try {
    const meta: unknown = JSON.parse(textOf(row, "meta"));
    if (typeof meta === "object" && meta !== null && !Array.isArray(meta)) return meta as Meta;
  } catch (error) {
    cause = error;
  }
  throw new ArchiverError("CORRUPT", `The metadata of ${of} is damaged. Restore a backup.`, { ...context, cause });
}
