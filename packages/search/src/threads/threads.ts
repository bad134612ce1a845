/** The other threads of a search. */
import type { SearchQuery } from "../query/query.js";
import type { Load, MorePlaces, SearchOne } from "../search/place.js";
import type { SearchOptions } from "../search/search-options.js";
import type { SharedOptions } from "./messages.js";
import { sharedSearch } from "./shared-search.js";

/** A search with a limit that ends before it has read this much needs no other thread. */
const LITTLE_BYTES = 4 * 1024 * 1024;
/** What this thread reads while another one starts. */
const REST_BYTES = 16 * 1024 * 1024;
/** A larger session is searched in the thread that asks, where segments are inflated in parallel. */
const LARGE_BYTES = 16 * 1024 * 1024;
/** Sessions that wait in a thread, and their bytes: so it need not wait for the next one, nor the search, at its end, for it. */
const WAITING_SESSIONS = 32;
const WAITING_BYTES = 2 * 1024 * 1024;

/**
 * Opens the ports as soon as it is worth it: then, and only then, there are places. `instead` searches what a thread can't
 * finish. The threads are let go when the signal is aborted.
 */
export function inThreads(query: SearchQuery, options: SearchOptions, instead: SearchOne): MorePlaces {
  const { openPorts, signal, limit, matchCase, wholeWords, in: scope } = options;
  const { perSession, firstOnly, context, snippetLength } = options;
  // Only what can be cloned.
  const shared: SharedOptions = { matchCase, wholeWords, in: scope, perSession, firstOnly, context, snippetLength };
  const leastRead = limit === undefined ? 0 : LITTLE_BYTES;
  let isOpen = false;
  return (bytesRead, bytesLeft) => {
    if (isOpen || !openPorts || signal?.aborted || bytesRead < leastRead || bytesLeft < REST_BYTES) return [];
    isOpen = true;
    const searches = openPorts().map((port) => sharedSearch(port, query, shared, instead));
    signal?.addEventListener("abort", () => {
      for (const one of searches) one.close();
    });
    return searches.map(({ searchOne }) => ({ searchOne, takes }));
  };
}

function takes(bytes: number, load: Load): boolean {
  if (load.sessions === 0) return bytes <= LARGE_BYTES;
  return load.sessions < WAITING_SESSIONS && load.bytes + bytes <= WAITING_BYTES;
}
