/** Looks at sessions, past the ones that can't be understood. */
import { type ErrorCode, type Failure, failureOf, hasCode, KEY, type SessionInfo } from "@session-archiver/core";
import type { CommandContext } from "./command.js";

export interface Sessions {
  readonly infos: readonly SessionInfo[];
  /** Sessions whose metadata is damaged. */
  readonly failures: readonly Failure[];
}

/** Every session, last active first. */
export async function allSessions({ archiver, stores, signal }: CommandContext): Promise<Sessions> {
  const infos: SessionInfo[] = [];
  const failures: Failure[] = [];
  for await (const { id } of stores.objects.list(undefined, { signal })) {
    try {
      infos.push(await archiver.info(id, { signal }));
    } catch (error) {
      if (hasCode(error, "NOT_FOUND")) continue; // deleted since it was listed
      if (hasCode(error, "ABORTED")) throw error;
      failures.push(failureOf(id, error));
    }
  }
  return { infos: infos.sort(byLastActivity), failures };
}

export function failureLine({ id, code, message }: Failure): string {
  const whose = id === "" ? "" : `${id}: `; // what concerns no one session has no id
  return `failed: ${whose}${message}${hintFor(code)} [${code}]`;
}

/** What to do about an id that is unknown. */
export function hintFor(code: ErrorCode): string {
  return code === "NOT_FOUND" ? " `session-archiver list` shows the ids there are." : "";
}

/** Bytes that live storage holds of the session. */
export function liveBytesOf(info: Pick<SessionInfo, "storedBytes" | "meta">): number {
  return info.storedBytes - archiveBytesOf(info);
}

/** Bytes that the archive takes up. */
export function archiveBytesOf({ meta }: Pick<SessionInfo, "meta">): number {
  const bytes = meta[KEY.storedBytes];
  // As core reads it: metadata may hold anything.
  return Number.isSafeInteger(bytes) && (bytes as number) >= 0 ? (bytes as number) : 0;
}

function byLastActivity(a: SessionInfo, b: SessionInfo): number {
  return (b.lastActivityMs ?? 0) - (a.lastActivityMs ?? 0) || (a.id < b.id ? -1 : 1);
}
