/** Searches many sessions at once, whose hits come one session after the other. */
import type { Chosen } from "./choose.js";
import type { Hit } from "./hit.js";
import { type MorePlaces, type Place, WAITING } from "./place.js";
import { type ReadAhead, readAhead } from "./read-ahead.js";
import { emptyTally, type SessionTally } from "./tally.js";

/** Sessions that are searched ahead of the one whose turn it is, beyond those that are being searched. */
const MOST_AHEAD = 512;
/** A larger session is searched in this thread, where its segments are inflated in parallel. */
const LARGE_BYTES = 16 * 1024 * 1024;

export interface Turn {
  readonly tally: SessionTally;
  readonly hits: ReadAhead<Hit>;
}

export interface Turns {
  /** The session whose turn it is; `undefined` after the last one. */
  current(): Turn | undefined;
  /** Its turn is over. */
  shift(): void;
  /** Stops. Resolves once nothing is read any more. */
  close(): Promise<void>;
}

/** Whenever a session has been searched, `more` is asked for further places. */
export function turns(sessions: Chosen["sessions"], here: readonly Place[], more: MorePlaces): Turns {
  const free = [...here];
  const running: Turn[] = [];
  let next = 0;
  let read = 0;
  let left = sessions.reduce((sum, { bytes }) => sum + bytes, 0);
  let most = here.length;
  let isClosed = false;

  const fill = (): void => {
    const added = more(read, left);
    free.push(...added);
    if (added.length > 0) most += added.length + MOST_AHEAD;
    for (let session = sessions[next]; session && running.length < most && !isClosed; session = sessions[next]) {
      const isLarge = session.bytes > LARGE_BYTES;
      const at = free.findIndex(({ isShared }) => !(isShared && isLarge));
      const [place] = at === -1 ? [] : free.splice(at, 1);
      if (!place) return;
      next++;
      left -= session.bytes;
      begin(session.id, place);
    }
  };
  const begin = (id: string, place: Place): void => {
    const tally = emptyTally();
    const hits = readAhead(place.searchOne(id, tally), WAITING);
    running.push({ tally, hits });
    void hits.ended.then(() => {
      read += tally.bytes;
      free.push(place);
      fill();
    });
  };
  fill();
  return {
    current: () => running[0],
    shift() {
      running.shift();
      fill();
    },
    async close() {
      isClosed = true;
      await Promise.all(running.map(({ hits }) => hits.close()));
    },
  };
}
