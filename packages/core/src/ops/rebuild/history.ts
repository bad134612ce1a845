/** What the run records of a store say about each session: what a catalogue that is made anew must respect. Pure. */
import { keyTime } from "../../format/keys.js";
import type { Change, ChangeKind } from "../../run-records/changes.js";
import type { FoundRecord } from "../../run-records/order.js";
import type { RunRecord } from "../../run-records/record.js";

/** One session's past. */
export interface SessionHistory {
  /** Sink keys whose bytes were given up for good: by a purge, a removal, or a gc. They never come back. */
  readonly gone: ReadonlySet<string>;
  /** Sink keys that were given up because the bytes were in live storage, or in a later archive. */
  readonly replaced: ReadonlySet<string>;
  /** When the session was forgotten, unix ms: no archive that is older comes back. */
  readonly forgottenAt: number | undefined;
  /** The last tombstone, undo, purge, restore or removal. */
  readonly last: Change | undefined;
  /** The last purge, unless it turned out not to have happened. */
  readonly purged: Change | undefined;
  /** The last time that there was new output beside the archive, or after a purge. */
  readonly resumed: Change | undefined;
  /** `undefined`: no record says so or otherwise. */
  readonly pinned: boolean | undefined;
}

interface Mutable {
  gone: Set<string>;
  replaced: Set<string>;
  forgottenAt: number | undefined;
  last: Change | undefined;
  purged: Change | undefined;
  resumed: Change | undefined;
  pinned: boolean | undefined;
}

export type History = ReadonlyMap<string, SessionHistory>;

export const NO_HISTORY: SessionHistory = {
  gone: new Set(),
  replaced: new Set(),
  forgottenAt: undefined,
  last: undefined,
  purged: undefined,
  resumed: undefined,
  pinned: undefined,
};

/** Made of records, which are added oldest first. */
export interface HistoryMaker {
  /** `undefined`: it can't be read. Then no tombstone is believed: it may have been taken back there. */
  add(record: Pick<RunRecord, "runs"> | undefined): void;
  end(): History;
}

/** A run that stands in two records counts once. */
export function historyMaker(): HistoryMaker {
  const sessions = new Map<string, Mutable>();
  const seen = new Set<string>();
  let isWhole = true;
  return {
    add(record) {
      isWhole &&= record !== undefined;
      for (const { run, at, changes } of record?.runs ?? []) {
        if (seen.has(run)) continue;
        seen.add(run);
        for (const change of changes) {
          const session = sessions.get(change.id) ?? { ...NO_HISTORY, gone: new Set(), replaced: new Set() };
          sessions.set(change.id, session);
          add(session, change, at);
        }
      }
    },
    end() {
      for (const session of isWhole ? [] : sessions.values()) {
        if (session.last?.change === "pruned") session.last = undefined;
      }
      return sessions;
    },
  };
}

/** `records`: oldest first. */
export function historyOf(records: readonly FoundRecord[]): History {
  const maker = historyMaker();
  for (const { record } of records) maker.add(record);
  return maker.end();
}

function add(session: Mutable, change: Change, at: number): void {
  const into = (keys: Set<string>): void => {
    for (const key of change.keys ?? []) keys.add(key);
  };
  switch (change.change) {
    case "pinned":
    case "unpinned":
      session.pinned = change.change === "pinned";
      break;
    case "resumed":
      session.resumed = change;
      break;
    case "collected":
      into(session.replaced);
      break;
    case "restored":
      into(session.replaced);
      break;
    case "purged":
      session.purged = change;
      session.resumed = undefined; // that output was archived, and purged with the rest
      into(session.gone);
      break;
    case "removed": // another session may have the id from now on
      session.purged = undefined;
      if (isForgetting(change)) session.forgottenAt = at;
      session.resumed = undefined;
      session.pinned = undefined;
      into(session.gone);
      break;
    case "unpruned":
      // A tombstone can be taken back only while the archive is there: a purge that is on record before was not made.
      for (const key of session.last?.change === "purged" ? (session.last.keys ?? []) : []) session.gone.delete(key);
      if (session.last?.change === "purged") session.purged = undefined;
      break;
    default:
  }
  if (STATES.has(change.change)) session.last = change;
}

/** The changes that say where a session's bytes are. */
const STATES: ReadonlySet<string> = new Set<ChangeKind>(["pruned", "unpruned", "purged", "restored", "removed"]);

/** The record of a forgotten session says nothing but that it is gone. */
function isForgetting(change: Change): boolean {
  return Object.keys(change).length === 2;
}

/** Whether the object under a sink key was given up for good. */
export function isGone({ gone, forgottenAt }: Pick<SessionHistory, "gone" | "forgottenAt">, key: string): boolean {
  return gone.has(key) || (forgottenAt !== undefined && (keyTime(key) ?? 0) <= forgottenAt);
}
