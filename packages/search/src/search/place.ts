/** Where sessions are searched. */
import type { Hit } from "./hit.js";
import type { SessionTally } from "./tally.js";

/** The hits in one session. What happens meanwhile is noted in the tally. */
export type SearchOne = (id: string, tally: SessionTally) => AsyncGenerator<Hit>;

/** Where one session at a time is searched. */
export interface Place {
  readonly searchOne: SearchOne;
  /** Whether it is in another thread. */
  readonly isShared: boolean;
}

/** Further places, once there is reason for them. */
export type MorePlaces = (bytesRead: number, bytesLeft: number) => readonly Place[];

/** Hits of a session that wait to be taken. */
export const WAITING = 16;
