/** The ids of a listing, page by page. No transaction stays open between two pages. */
import type { ObjectQuery } from "@session-archiver/core/adapter";
import type { Call, Database } from "./database.js";
import { paged, prefixRange } from "./ranges.js";
import type { Tx } from "./schema.js";

const PAGE = 1000;
/** Up to so many ids are taken from the index at once. Beyond, a walk over all ids needs less memory. */
const FEW = 20_000;

/**
 * By the index in a single transaction, or page by page in the order of the ids, which never change. In pages of the
 * index, an object could be moved back to before the page being read and be missed, or forward and be listed twice.
 */
export async function* listIds(db: Database, query: ObjectQuery, call: Call): AsyncGenerator<string> {
  const { prefix = "" } = query;
  const few = await db.read(["objects"], (tx) => fewBySweep(tx, query), call);
  if (few) {
    // An id that is no text is for the caller to tell of.
    for (const id of few) if (typeof id !== "string" || id.startsWith(prefix)) yield id;
    return;
  }
  const page = (last: string | undefined): Promise<readonly string[]> =>
    db.read(["objects"], (tx) => tx.objectStore("objects").getAllKeys(prefixRange(prefix, last), PAGE), call);
  yield* paged(page, PAGE, call);
}

/** The ids that match, by the index; `undefined` if there are too many, or no index serves the query. */
async function fewBySweep(tx: Tx, query: ObjectQuery): Promise<readonly string[] | undefined> {
  const { archived, lastActiveBefore } = query;
  if (archived === undefined && lastActiveBefore === undefined) return undefined;
  const until = lastActiveBefore ?? Number.POSITIVE_INFINITY;
  if (Number.isNaN(until)) return [];
  const index = tx.objectStore("objects").index("sweep");
  const states = archived === undefined ? [0, 1] : [Number(archived)];
  const found = await Promise.all(
    states.map((state) => index.getAllKeys(IDBKeyRange.bound([state, Number.NEGATIVE_INFINITY], [state, until]), FEW)),
  );
  const ids = found.flat();
  return ids.length < FEW ? ids : undefined;
}
