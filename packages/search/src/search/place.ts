/** Where sessions are searched. */
import type { Hit } from "./hit.js";
import type { SessionTally } from "./tally.js";

/** The hits in one session. What happens meanwhile is noted in the tally. */
export type SearchOne = (id: string, tally: SessionTally) => AsyncGenerator<Hit>;

/** What a place has been given, and has not finished. */
export interface Load {
  readonly sessions: number;
  readonly bytes: number;
}

/** A thread that searches: this one or another. */
export interface Place {
  readonly searchOne: SearchOne;
  /** Whether it may be given a session of this many bytes beside what it has. */
  takes(bytes: number, load: Load): boolean;
}

/** Further places, once there is reason for them. */
export type MorePlaces = (bytesRead: number, bytesLeft: number) => readonly Place[];

/** Hits of a session that wait to be taken. */
export const WAITING = 16;
