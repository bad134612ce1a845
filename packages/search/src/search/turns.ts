/** Searches many sessions at once, whose hits come one session after the other. */
import { changes } from "./changes.js";
import type { ChosenSession } from "./choose.js";
import type { Hit } from "./hit.js";
import { type MorePlaces, type Place, type SearchOne, WAITING } from "./place.js";
import { type ReadAhead, readAhead } from "./read-ahead.js";
import { emptyTally, type SessionTally } from "./tally.js";

/** Sessions that are searched at once in this thread: while one waits for storage, others are read. */
const AT_ONCE = 2;
/** With other threads: sessions whose turn has not come. */
const MOST_AHEAD = 512;

export interface Turn {
  readonly tally: SessionTally;
  readonly hits: ReadAhead<Hit>;
}

/** The thread that asks. */
export function thisThread(searchOne: SearchOne): Place {
  return { searchOne, takes: (_, { sessions }) => sessions < AT_ONCE };
}

export interface Turns {
  /** The session whose turn it is; `undefined` after the last one. Rejects if there is no more to be had of the sessions. */
  current(): Promise<Turn | undefined>;
  /** Its turn is over. */
  shift(): void;
  /** Stops. Resolves once nothing is read any more. */
  close(): Promise<void>;
}

/** Whenever a session has been searched, `more` is asked for further places. */
export function turns(sessions: AsyncGenerator<ChosenSession>, here: Place, more: MorePlaces): Turns {
  const loads = new Map([[here, { sessions: 0, bytes: 0 }]]);
  const known: ChosenSession[] = [];
  const running: Turn[] = [];
  let next = 0;
  let read = 0;
  let left = 0;
  let listed: { readonly error?: unknown } | undefined;
  let isClosed = false;
  const change = changes();

  const fill = (): void => {
    for (const place of more(read, left)) loads.set(place, { sessions: 0, bytes: 0 });
    // On its own, this thread need not be ahead: what it reads is needed next.
    const most = loads.size === 1 ? AT_ONCE : MOST_AHEAD;
    for (let session = known[next]; session && running.length < most && !isClosed; session = known[next]) {
      const { id, bytes } = session;
      const [place, load] = [...loads].find(([one, has]) => one.takes(bytes, has)) ?? [];
      if (!place || !load) return;
      next++;
      left -= bytes;
      load.sessions++;
      load.bytes += bytes;
      begin(id, place.searchOne, () => {
        load.sessions--;
        load.bytes -= bytes;
      });
    }
  };
  const begin = (id: string, searchOne: SearchOne, done: () => void): void => {
    const tally = emptyTally();
    const hits = readAhead(searchOne(id, tally), WAITING);
    running.push({ tally, hits });
    void hits.ended.then(() => {
      read += tally.bytes;
      done();
      fill();
    });
  };
  const list = async (): Promise<void> => {
    try {
      for await (const session of sessions) {
        known.push(session);
        left += session.bytes;
        fill();
        change.tell();
      }
      listed = {};
    } catch (error) {
      listed = { error };
    }
    change.tell();
  };
  const listing = list();
  return {
    async current() {
      while (running.length === 0 && !listed) await change.next();
      if (running.length === 0 && listed && "error" in listed) throw listed.error;
      return running[0];
    },
    shift() {
      running.shift();
      fill();
    },
    async close() {
      isClosed = true;
      await listing;
      await Promise.all(running.map(({ hits }) => hits.close()));
    },
  };
}
