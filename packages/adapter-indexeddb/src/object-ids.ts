/** The ids of a listing, page by page. No transaction stays open between two pages. */
import type { ObjectQuery } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { pages } from "./pages.js";
import { prefixRange } from "./ranges.js";
import type { Tx } from "./schema.js";

const PAGE = 1000;
/** The index gives at most this many ids, at once. Beyond, a walk over all ids needs less memory. */
const FEW = 20_000;

/**
 * By the index in a single transaction, or page by page in the order of the ids, which never change. In pages of the
 * index, an object could be moved back to before the page being read and be missed, or forward and be listed twice.
 */
export async function* idPages(db: Database, query: ObjectQuery, call: Call): AsyncGenerator<readonly string[]> {
  const few = await db.read(["objects"], (tx) => fewBySweep(tx, query), call);
  if (few) return yield few;
  const { prefix = "" } = query;
  yield* pages(PAGE, (last: string | undefined) =>
    db.read(["objects"], (tx) => tx.objectStore("objects").getAllKeys(prefixRange(prefix, last), PAGE), call),
  );
}

/** The ids that match, by the index; `undefined` if there are too many, or no index serves the query. */
async function fewBySweep(tx: Tx, query: ObjectQuery): Promise<readonly string[] | undefined> {
  const { archived, lastActiveBefore, prefix = "" } = query;
  if (archived === undefined && lastActiveBefore === undefined) return undefined;
  const until = lastActiveBefore ?? Number.POSITIVE_INFINITY;
  if (Number.isNaN(until)) return [];
  const index = tx.objectStore("objects").index("sweep");
  const states = archived === undefined ? [0, 1] : [Number(archived)];
  const found = await Promise.all(
    states.map((state) => index.getAllKeys(IDBKeyRange.bound([state, Number.NEGATIVE_INFINITY], [state, until]), FEW)),
  );
  const ids = found.flat();
  // An id that is not text is listed: it is damage to be reported.
  return ids.length < FEW ? ids.filter((id) => typeof id !== "string" || id.startsWith(prefix)) : undefined;
}
