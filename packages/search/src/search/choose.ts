/** Chooses the sessions to search, the last active first, by their metadata only. */
import { type Archiver, failureOf, hasCode, type ListedSession, type SessionFailure } from "@session-archiver/core";
import { sessionMatcher } from "../session-filter.js";
import type { Settings } from "./settings.js";

export interface ChosenSession {
  readonly id: string;
  /** Of its output. */
  readonly bytes: number;
}

/** Counts what is not chosen. */
export interface Choosing {
  leftOut(): void;
  unreadable(failure: SessionFailure): void;
}

type Listed = Pick<ListedSession, "id" | "lastActivityMs" | "rawBytes">;

/** As the list comes: the first ones can be searched before the last ones are known. */
export async function* chosenSessions(
  archiver: Archiver,
  { ids, filter, signal }: Settings,
  choosing: Choosing,
): AsyncGenerator<ChosenSession> {
  const matches = filter ? sessionMatcher(filter) : () => true;
  const onFailure = (failure: SessionFailure): void => choosing.unreadable(failure);
  const all = ids ? named(archiver, ids, onFailure, signal) : archiver.listNewest({ onFailure, signal });
  for await (const info of all) {
    if (matches(info)) yield { id: info.id, bytes: info.rawBytes };
    else choosing.leftOut();
  }
}

async function* named(
  archiver: Archiver,
  ids: readonly string[],
  onFailure: (failure: SessionFailure) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListedSession> {
  const found: ListedSession[] = [];
  for (const id of new Set(ids)) {
    try {
      found.push(await archiver.info(id, { signal }));
    } catch (error) {
      if (hasCode(error, "ABORTED")) throw error;
      onFailure(failureOf(id, error));
    }
  }
  yield* found.sort(byNewest);
}

function byNewest(a: Listed, b: Listed): number {
  const [at, other] = [a, b].map(({ lastActivityMs }) => lastActivityMs ?? Number.NEGATIVE_INFINITY) as [
    number,
    number,
  ];
  if (at !== other) return other > at ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}
