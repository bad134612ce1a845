/** What a search and a thread that takes a share of it say to each other. */
import type { SearchQuery } from "../query/query.js";
import type { Hit } from "../search/hit.js";
import type { SearchOptions } from "../search/search-options.js";
import type { SessionTally } from "../search/tally.js";

/** The options that change what is found in a session. */
export type SharedOptions = Omit<SearchOptions, "filter" | "ids" | "limit" | "openPorts" | "signal">;

/** To the thread. Sessions are searched one after the other, as they come. */
export type ToThread =
  | { readonly kind: "query"; readonly query: SearchQuery; readonly options: SharedOptions }
  | { readonly kind: "session"; readonly turn: number; readonly id: string }
  /** A hit of this session was taken. */
  | { readonly kind: "taken"; readonly turn: number }
  | { readonly kind: "end" };

/** From the thread, for each session: its hits in order, then its end. The session itself comes with its first hit. */
export type FromThread =
  | {
      readonly kind: "hit";
      readonly turn: number;
      readonly hit: Omit<Hit, "session">;
      readonly session?: Hit["session"];
      readonly tally: SessionTally;
    }
  | { readonly kind: "done"; readonly turn: number; readonly tally: SessionTally };
