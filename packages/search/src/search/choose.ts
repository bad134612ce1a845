/** Chooses the sessions to search, the last active first. */
import { type Archiver, failureOf, hasCode, type ListedSession, type SessionFailure } from "@session-archiver/core";
import { sessionMatcher } from "../session-filter.js";
import type { Settings } from "./settings.js";

export interface Chosen {
  /** `bytes`: of the output. */
  readonly sessions: readonly { readonly id: string; readonly bytes: number }[];
  readonly filteredOut: number;
  readonly unreadable: readonly SessionFailure[];
}

/** Looks at metadata only. Keeps little of each session, as there may be very many. */
export async function chooseSessions(archiver: Archiver, { ids, filter, signal }: Settings): Promise<Chosen> {
  const matches = filter ? sessionMatcher(filter) : () => true;
  const found: { readonly id: string; readonly bytes: number; readonly at: number }[] = [];
  const unreadable: SessionFailure[] = [];
  let filteredOut = 0;
  const look = (info: ListedSession): void => {
    const { id, rawBytes, lastActivityMs } = info;
    if (matches(info)) found.push({ id, bytes: rawBytes, at: lastActivityMs ?? Number.NEGATIVE_INFINITY });
    else filteredOut++;
  };
  const onFailure = (failure: SessionFailure): void => void unreadable.push(failure);
  if (ids === undefined) {
    for await (const info of archiver.listNewest({ onFailure, signal })) look(info);
  } else {
    for (const id of new Set(ids)) {
      try {
        look(await archiver.info(id, { signal }));
      } catch (error) {
        if (hasCode(error, "ABORTED")) throw error;
        onFailure(failureOf(id, error));
      }
    }
  }
  found.sort((a, b) => (a.at === b.at ? byName(a.id, b.id) : b.at > a.at ? 1 : -1));
  return { sessions: found, filteredOut, unreadable };
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
