/** The ids of a listing, page by page. No statement stays open between two pages. */
import type { ObjectQuery } from "@session-archiver/core";
import type { Call, Database } from "./database.js";
import { blobOf, numberOf, type SqlValue } from "./driver.js";
import type { Tables } from "./schema.js";
import { after, decode, encode, type KeyRange, prefixRange } from "./text.js";

const PAGE = 1000;
/** Up to so many index entries are looked through for a page. Beyond, a walk over all ids is no dearer. */
const FEW = 20_000;

/**
 * Pages run in the order of the ids, which never change. By the indexed time, an object could be written back to before
 * the page being read and be missed, or forward and be listed twice.
 */
export async function* idPages(
  db: Database,
  tables: Tables,
  query: ObjectQuery,
  call: Call,
): AsyncGenerator<readonly string[]> {
  let range = prefixRange(query.prefix ?? "");
  for (;;) {
    const { ids, more } = await db.read(() => onePage(db, tables, query, range), call);
    yield ids;
    const last = ids.at(-1);
    if (!more || last === undefined) return;
    range = after(range, encode(last));
  }
}

interface IdPage {
  readonly ids: readonly string[];
  readonly more: boolean;
}

function onePage(db: Database, tables: Tables, query: ObjectQuery, range: KeyRange): IdPage {
  const sweep = sweepOf(tables, query);
  const bySweep = sweep && numberOf(db.sql(sweep.count).get(...sweep.values), "n") <= FEW;
  const rows = bySweep
    ? db.sql(sweep.page).iterate(...sweep.values, range.from, range.to)
    : db.sql(pageOfAll(tables)).iterate(range.from, range.to);
  const ids = [...rows].map((row) => decode(blobOf(row, "id")));
  return { ids, more: ids.length === PAGE };
}

/** Every id in the range, to be checked by the caller. */
function pageOfAll({ objects }: Tables): string {
  return `SELECT id FROM ${objects} WHERE id >= ? AND id < ? ORDER BY id LIMIT ${PAGE}`;
}

export interface Sweep {
  readonly count: string;
  readonly page: string;
  readonly values: readonly SqlValue[];
}

/** The same by the sweep index, which finds the few that match without looking at the others. */
export function sweepOf({ objects, sweep }: Tables, { archived, idleSince }: ObjectQuery): Sweep | undefined {
  if (archived === undefined && idleSince === undefined) return undefined;
  const from = `${objects} INDEXED BY ${sweep}`;
  const states = archived === undefined ? [0, 1] : [Number(archived), Number(archived)];
  const matches = `archived IN (?, ?)${idleSince === undefined ? "" : " AND last_activity <= ?"}`;
  return {
    count: `SELECT count(*) AS n FROM (SELECT 1 FROM ${from} WHERE ${matches} LIMIT ${FEW + 1})`,
    page: `SELECT id FROM ${from} WHERE ${matches} AND id >= ? AND id < ? ORDER BY id LIMIT ${PAGE}`,
    values: idleSince === undefined ? states : [...states, idleSince],
  };
}
