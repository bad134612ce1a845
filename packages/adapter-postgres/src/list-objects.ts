/** The objects of a listing, as they are stored, page by page: no statement stays open between two. */
import {
  type KeyRange,
  keysAfter,
  type ListedObject,
  type ObjectQuery,
  prefixRange,
} from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { beginningOf } from "./keys.js";
import { Parameters } from "./parameters.js";
import type { Row } from "./queryable.js";
import { bytesIn, countOf, nameIn, numberOf } from "./rows.js";
import { storedIn } from "./stored-in.js";
import type { Tables } from "./tables.js";

const PAGE = 100;
/** A page ends behind the row with which its metadata reaches this. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** Where a page begins, and how it is found: by hashes or, if there is a prefix, by ids. Neither ever changes. */
interface Order {
  readonly by: string;
  where(range: KeyRange, p: Parameters): string;
}

const BY_HASH: Order = {
  by: "k",
  where: ({ from, to }, p) => `k >= ${p.bytes(from)} AND k < ${p.bytes(to)}`,
};

const BY_ID: Order = {
  by: `${beginningOf("id")}, id`,
  where({ from, to }, p) {
    const [first, last] = [p.bytes(from), p.bytes(to)];
    return `${beginningOf("id")} BETWEEN ${beginningOf(first)} AND ${beginningOf(last)} AND id >= ${first} AND id < ${last}`;
  },
};

export async function* listObjects(
  db: Database,
  tables: Tables,
  query: ObjectQuery,
  call: Call,
): AsyncGenerator<readonly ListedObject[]> {
  const isWanted = await conditionOf(db, tables, query, call);
  const order = query.prefix === undefined || query.prefix === "" ? BY_HASH : BY_ID;
  for (let rest of order === BY_ID ? [prefixRange(query.prefix ?? "")] : fromRandomHash()) {
    for (;;) {
      const p = new Parameters();
      const rows = await db.query(pageOf(tables, order, `${isWanted(p)} AND ${order.where(rest, p)}`), p, call);
      yield rows.map(objectIn);
      const last = rows.at(-1);
      if (!last || (rows.length === countOf(last, "found") && rows.length < PAGE)) break;
      rest = keysAfter(rest, bytesIn(last, order === BY_ID ? "id" : "k"));
    }
  }
}

/** All hashes. Sweepers that began at the same place would all archive the same sessions, and all but one in vain. */
function fromRandomHash(): readonly KeyRange[] {
  const middle = crypto.getRandomValues(new Uint8Array(32));
  const end = new Uint8Array(33).fill(0xff);
  return [
    { from: middle, to: end },
    { from: new Uint8Array(), to: middle },
  ];
}

/** Finds the keys in an index that covers the condition, and then reads their rows alone. */
function pageOf({ objects }: Tables, order: Order, where: string): string {
  return `
    WITH found AS (SELECT k FROM ${objects} WHERE ${where} ORDER BY ${order.by} LIMIT ${PAGE}),
    page AS (
      SELECT k, id, version, meta, sum(octet_length(meta)) OVER (ORDER BY ${order.by}) - octet_length(meta) AS before
      FROM found JOIN ${objects} USING (k)
    )
    SELECT k, id, k = sha256(id) AS is_sound, version, meta, (SELECT count(*) FROM found)::int AS found
    FROM page WHERE before < ${PAGE_BYTES} ORDER BY ${order.by}`;
}

/** An id that is not its hash's is no object's: a get would not find it. */
function objectIn(row: Row): ListedObject {
  let id: unknown;
  try {
    id = row["is_sound"] === true ? nameIn(row, "id") : undefined;
  } catch {
    id = undefined;
  }
  return { id, ...storedIn(row) };
}

/** The query's condition for the index that leaves the fewest objects. The caller checks the others. */
async function conditionOf(
  db: Database,
  tables: Tables,
  { archived, lastActiveBefore, prunedBefore, oldestArchivesLimit }: ObjectQuery,
  call: Call,
): Promise<(p: Parameters) => string> {
  if (prunedBefore !== undefined) return (p) => `pruned_at IS NOT NULL AND pruned_at <= ${p.number(prunedBefore)}`;
  if (oldestArchivesLimit !== undefined) {
    const until = await activeBy(db, tables, oldestArchivesLimit, call);
    return (p) => `kept_activity IS NOT NULL AND kept_activity <= ${p.number(until)}`;
  }
  const state = archived === undefined ? "true" : `${archived ? "" : "NOT "}archived`;
  if (lastActiveBefore === undefined) return () => state;
  return (p) => `${state} AND last_activity <= ${p.number(lastActiveBefore)}`;
}

/** The last activity of archive number `count`, counted from the oldest. */
async function activeBy(db: Database, { objects }: Tables, count: number, call: Call): Promise<number> {
  if (!(count > 0 && count <= Number.MAX_SAFE_INTEGER)) return Number.MAX_VALUE;
  const p = new Parameters();
  const nth = `SELECT kept_activity FROM ${objects} WHERE kept_activity IS NOT NULL ORDER BY kept_activity
    LIMIT 1 OFFSET ${p.count(Math.ceil(count) - 1)}`;
  const [row] = await db.query(nth, p, call);
  return row ? numberOf(row, "kept_activity") : Number.MAX_VALUE;
}
