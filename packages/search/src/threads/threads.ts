/** The other threads of a search. */
import type { SearchQuery } from "../query/query.js";
import type { MorePlaces, SearchOne } from "../search/place.js";
import type { SearchOptions } from "../search/search-options.js";
import type { SharedOptions } from "./messages.js";
import { sharedSearch } from "./shared-search.js";

/** A search that ends before it has read this much needs no other thread. */
const LITTLE_BYTES = 4 * 1024 * 1024;
/** What this thread reads while another one starts. */
const REST_BYTES = 16 * 1024 * 1024;
/** Sessions that are with another thread at once: so it need not wait for the next one. */
const AT_ONCE = 2;

/**
 * Opens the ports as soon as it is worth it: then, and only then, there are places. `instead` searches what a thread can't
 * finish. The threads are let go when the signal is aborted.
 */
export function inThreads(query: SearchQuery, options: SearchOptions, instead: SearchOne): MorePlaces {
  const { openPorts, signal, matchCase, wholeWords, in: scope } = options;
  const { perSession, firstOnly, context, snippetLength } = options;
  // Only what can be cloned.
  const shared: SharedOptions = { matchCase, wholeWords, in: scope, perSession, firstOnly, context, snippetLength };
  let isOpen = false;
  return (bytesRead, bytesLeft) => {
    if (isOpen || !openPorts || signal?.aborted || bytesRead < LITTLE_BYTES || bytesLeft < REST_BYTES) return [];
    isOpen = true;
    const searches = openPorts().map((port) => sharedSearch(port, query, shared, instead));
    signal?.addEventListener("abort", () => {
      for (const one of searches) one.close();
    });
    return searches.flatMap(({ searchOne }) => Array.from({ length: AT_ONCE }, () => ({ searchOne, isShared: true })));
  };
}
