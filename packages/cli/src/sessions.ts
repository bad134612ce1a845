/** Looks at all sessions, passing over those that can't be understood. */
import type { ErrorCode, SessionFailure, SessionInfo } from "@session-archiver/core";
import type { CommandContext } from "./command.js";

export interface Sessions {
  readonly infos: readonly SessionInfo[];
  /** Sessions that can't be looked at. */
  readonly failures: readonly SessionFailure[];
}

/** Every session, last active first. */
export async function allSessions({ archiver, signal }: CommandContext): Promise<Sessions> {
  const infos: SessionInfo[] = [];
  const failures: SessionFailure[] = [];
  const onFailure = (failure: SessionFailure): void => void failures.push(failure);
  for await (const info of archiver.list({ onFailure, signal })) infos.push(info);
  return { infos: infos.sort(byLastActivity), failures };
}

export function failureLine({ id, code, message }: SessionFailure): string {
  const whose = id === "" ? "" : `${id}: `; // a failure that concerns no single session has no id
  return `failed: ${whose}${message}${hintFor(code)} [${code}]`;
}

/** What to do about an unknown id, or about damage. */
export function hintFor(code: ErrorCode): string {
  if (code === "CORRUPT") return " `session-archiver doctor` says what can be done.";
  return code === "NOT_FOUND" ? " `session-archiver list` shows the ids there are." : "";
}

function byLastActivity(a: SessionInfo, b: SessionInfo): number {
  return (b.lastActivityMs ?? 0) - (a.lastActivityMs ?? 0) || (a.id < b.id ? -1 : 1);
}
