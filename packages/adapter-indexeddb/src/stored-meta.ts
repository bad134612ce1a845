/** Metadata and its version as a row holds them: checked on the way in, and not believed on the way out. */
import { ArchiverError, type ErrorContext, type Meta } from "@session-archiver/core/adapter";
import type { MetaRow } from "./schema.js";

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

/** `CORRUPT` if the row holds anything else than a version and metadata; `of` says whose they are. */
export function metaIn(
  row: MetaRow,
  of: string,
  context: ErrorContext,
): { readonly version: string; readonly meta: Meta } {
  let cause: unknown;
  try {
    const { version, json } = row;
    const meta: unknown = JSON.parse(json);
    if (typeof version === "string" && typeof meta === "object" && meta !== null && !Array.isArray(meta)) {
      return { version, meta: meta as Meta };
    }
  } catch (error) {
    cause = error;
  }
  throw new ArchiverError("CORRUPT", `The metadata of ${of} is damaged. Restore a backup.`, { ...context, cause });
}
