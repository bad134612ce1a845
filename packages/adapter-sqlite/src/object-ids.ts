/** The ids of a listing. */
import {
  ArchiverError,
  decodeKey,
  type KeyRange,
  keyPages,
  MAX_NAME_LENGTH,
  type ObjectQuery,
  prefixRange,
  unlessCorrupt,
} from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { blobOf, numberOf, type Row, type SqlValue } from "./driver.js";
import type { OnSkipped } from "./options.js";
import type { Tables } from "./tables.js";

export const PAGE = 1000;
/** The most index entries to search for one page. With more, walking over all ids costs no more. */
export const FEW = 20_000;

/**
 * Pages run in the order of the ids, which never change. In the order of the indexed time, a put could move an object to
 * before the present page, so that it is missed, or to after it, so that it is listed twice.
 */
export async function* listIds(
  db: Database,
  tables: Tables,
  query: ObjectQuery,
  call: Call,
  onSkipped: OnSkipped,
): AsyncGenerator<readonly string[]> {
  const read = (range: KeyRange) => db.read(() => onePage(db, tables, query, range), call);
  for await (const page of keyPages(prefixRange(query.prefix ?? ""), PAGE, (row) => blobOf(row, "id"), read)) {
    yield page.flatMap((row) => unlessCorrupt(() => idIn(blobOf(row, "id")), onSkipped) ?? []);
  }
}

/** `CORRUPT` if no put can have stored it. */
export function idIn(key: Uint8Array): string {
  const id = decodeKey(key);
  if (id.length <= MAX_NAME_LENGTH) return id;
  throw new ArchiverError("CORRUPT", `The database holds an id of ${id.length} characters. Restore a backup.`);
}

function onePage(db: Database, tables: Tables, query: ObjectQuery, { from, to }: KeyRange): readonly Row[] {
  const found = selectionOf(tables, query);
  const values = found?.values(db) ?? [];
  const isFew = found && numberOf(db.sql(found.count).get(...values), "n") <= FEW;
  // Otherwise every id in the range. The caller filters them.
  const all = `SELECT id FROM ${tables.objects} WHERE id >= ? AND id < ? ORDER BY id LIMIT ${PAGE}`;
  return isFew ? db.sql(found.page).all(...values, from, to) : db.sql(all).all(from, to);
}

/** Finds the few matching objects by an index, without reading the others. */
export interface Selection {
  readonly count: string;
  readonly page: string;
  /** Conditions that both queries share. */
  values(db: Database): readonly SqlValue[];
}

/** Uses the index that leaves the fewest objects. The caller checks the query's other conditions. */
export function selectionOf(tables: Tables, query: ObjectQuery): Selection | undefined {
  const { kept, pruned, sweep } = tables;
  const { archived, lastActiveBefore, prunedBefore, oldestArchivesLimit } = query;
  if (prunedBefore !== undefined) return selection(tables, pruned, "pruned_at <= ?", () => [prunedBefore]);
  if (oldestArchivesLimit !== undefined) {
    return selection(tables, kept, "kept_activity <= ?", (db) => [activeBy(db, tables, oldestArchivesLimit)]);
  }
  if (archived === undefined && lastActiveBefore === undefined) return undefined;
  const states = archived === undefined ? [0, 1] : [Number(archived), Number(archived)];
  const values = lastActiveBefore === undefined ? states : [...states, lastActiveBefore];
  const where = `archived IN (?, ?)${lastActiveBefore === undefined ? "" : " AND last_activity <= ?"}`;
  return selection(tables, sweep, where, () => values);
}

function selection({ objects }: Tables, index: string, where: string, values: Selection["values"]): Selection {
  const from = `${objects} INDEXED BY ${index} WHERE ${where}`;
  return {
    count: `SELECT count(*) AS n FROM (SELECT 1 FROM ${from} LIMIT ${FEW + 1})`,
    page: `SELECT id FROM ${from} AND id >= ? AND id < ? ORDER BY id LIMIT ${PAGE}`,
    values,
  };
}

/** The last activity of archive number `count`, counted from the oldest. */
function activeBy(db: Database, { objects, kept }: Tables, count: number): number {
  // With more than a few, each page would count them again, so all are listed.
  if (!(count > 0 && count <= FEW)) return Number.MAX_VALUE;
  // As REAL: a host's times may lie beyond 2^53, and the libraries refuse such integers.
  const nth = `SELECT CAST(kept_activity AS REAL) AS at FROM ${objects} INDEXED BY ${kept}
    WHERE typeof(kept_activity) IN ('integer', 'real') AND kept_activity IS NOT NULL
    ORDER BY kept_activity LIMIT 1 OFFSET ?`;
  const row = db.sql(nth).get(Math.ceil(count) - 1);
  return row ? numberOf(row, "at") : Number.MAX_VALUE;
}
