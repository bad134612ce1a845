/** Searches what was said in sessions, live or archived. */
import type { Archiver } from "@session-archiver/core";
import { compile } from "../query/compile.js";
import { parseQuery } from "../query/parse-query.js";
import type { SearchQuery } from "../query/query.js";
import { chooseSessions } from "./choose.js";
import type { Coverage } from "./coverage.js";
import { type Covering, covering } from "./covering.js";
import type { Hit } from "./hit.js";
import { type ReadAhead, readAhead } from "./read-ahead.js";
import type { SearchOptions } from "./search-options.js";
import { searchSession } from "./search-session.js";
import { type Settings, settingsOf } from "./settings.js";
import { emptyTally, type SessionTally } from "./tally.js";

/** Sessions that are searched at once: while one waits for storage, others are read. */
const AT_ONCE = 3;
/** Hits of a later session that wait for its turn. */
const WAITING = 16;

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
  const compiled = compile(typeof query === "string" ? parseQuery(query) : query, options);
  const covered = covering();
  const stop = new AbortController();
  const signal = settings.signal ? AbortSignal.any([settings.signal, stop.signal]) : stop.signal;
  const begin = (id: string, tally: SessionTally): AsyncGenerator<Hit> =>
    searchSession(archiver, id, compiled, { ...settings, signal }, tally);
  const hits = hitsOf(archiver, settings, covered, begin, () => stop.abort());
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
  begin: (id: string, tally: SessionTally) => AsyncGenerator<Hit>,
  stop: () => void,
): AsyncGenerator<Hit> {
  const { ids, filteredOut, unreadable } = await chooseSessions(archiver, settings);
  covered.chosen(filteredOut, unreadable);
  const rest = ids.values();
  const running: { readonly tally: SessionTally; readonly hits: ReadAhead<Hit> }[] = [];
  const start = (): void => {
    const { value: id, done } = rest.next();
    if (done) return;
    const tally = emptyTally();
    running.push({ tally, hits: readAhead(begin(id, tally), WAITING) });
  };
  try {
    for (let i = 0; i < AT_ONCE; i++) start();
    for (let turn = running[0]; turn; turn = running[0]) {
      covered.begin(turn.tally);
      for (let next = await turn.hits.next(); next; next = await turn.hits.next()) {
        const isLast = covered.hit() >= settings.limit;
        if (isLast) stop();
        yield next.value;
        if (isLast) return;
      }
      covered.end();
      running.shift();
      start();
    }
    covered.complete();
  } finally {
    stop();
    await Promise.all(running.map(({ hits }) => hits.close()));
  }
}
