/** What is said of a session that could not be worked on. */
import type { ErrorCode, SessionFailure } from "@session-archiver/core";

export function failureLine({ id, code, message }: SessionFailure): string {
  const whose = id === "" ? "" : `${id}: `; // a failure that concerns no single session has no id
  return `failed: ${whose}${message}${hintFor(code)} [${code}]`;
}

/** What to do about an unknown id, or about damage. */
export function hintFor(code: ErrorCode): string {
  if (code === "CORRUPT") return " `session-archiver doctor` says what can be done.";
  return code === "NOT_FOUND" ? " `session-archiver list` shows the ids there are." : "";
}
