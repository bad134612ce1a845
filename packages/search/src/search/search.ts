/** Searches what was said in sessions, live or archived. */
import type { Archiver } from "@session-archiver/core";
import { compile } from "../query/compile.js";
import { parseQuery } from "../query/parse-query.js";
import type { SearchQuery } from "../query/query.js";
import { inThreads } from "../threads/threads.js";
import { chosenSessions } from "./choose.js";
import type { Coverage } from "./coverage.js";
import { type Covering, covering } from "./covering.js";
import type { Hit } from "./hit.js";
import type { MorePlaces, SearchOne } from "./place.js";
import type { SearchOptions } from "./search-options.js";
import { searchSession } from "./search-session.js";
import { type Settings, settingsOf } from "./settings.js";
import { thisThread, turns } from "./turns.js";

/** Hits as they are found: the newest session first, its lines in order. May be iterated once. */
export interface Search extends AsyncIterable<Hit> {
  readonly coverage: Coverage;
}

/**
 * A query as text is read by `parseQuery`. `INVALID_ARGUMENT` for a wrong query or option. The iteration rejects only if
 * sessions can't be listed at all, or with `ABORTED`; a session that can't be read is noted in the coverage.
 */
export function search(archiver: Archiver, query: SearchQuery | string, options: SearchOptions = {}): Search {
  const settings = settingsOf(options);
  const asked = typeof query === "string" ? parseQuery(query) : query;
  const compiled = compile(asked, options);
  const covered = covering();
  const stop = new AbortController();
  const signal = settings.signal ? AbortSignal.any([settings.signal, stop.signal]) : stop.signal;
  const searchOne: SearchOne = (id, tally) => searchSession(archiver, id, compiled, { ...settings, signal }, tally);
  const more = inThreads(asked, { ...options, signal }, searchOne);
  const hits = hitsOf(archiver, { ...settings, signal }, covered, searchOne, more, () => stop.abort());
  return {
    [Symbol.asyncIterator]: () => hits,
    get coverage() {
      return covered.now();
    },
  };
}

async function* hitsOf(
  archiver: Archiver,
  settings: Settings,
  covered: Covering,
  searchOne: SearchOne,
  more: MorePlaces,
  stop: () => void,
): AsyncGenerator<Hit> {
  const running = turns(chosenSessions(archiver, settings, covered), thisThread(searchOne), more);
  try {
    for (let turn = await running.current(); turn; turn = await running.current()) {
      covered.begin(turn.tally);
      for (let next = await turn.hits.next(); next; next = await turn.hits.next()) {
        const isLast = covered.hit() >= settings.limit;
        if (isLast) stop();
        yield next.value;
        if (isLast) return;
      }
      covered.end();
      running.shift();
    }
    covered.complete();
  } finally {
    stop();
    await running.close();
  }
}
