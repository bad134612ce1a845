/**
 * The ids of sessions that a sweep may archive, in the order in which they were stored. Their rows and bytes lie side by
 * side in the file, and mostly their places in the indexes by time, too: a sweep in the order of the ids, which tells nothing of
 * their place, would write almost every page of the database again and again.
 */
import { hasCode, type ObjectQuery, prefixRange, unlessCorrupt } from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { blobOf, numberOf, type Row } from "./driver.js";
import { FEW, idIn, PAGE } from "./object-ids.js";
import type { OnSkipped } from "./options.js";
import type { Tables } from "./tables.js";

/** Only a sweep lists so: an object that another listing leaves out might be taken for garbage. */
export interface SweepQuery extends ObjectQuery {
  readonly archived: false;
  readonly lastActiveBefore: number;
}

export function isSweep(query: ObjectQuery): query is SweepQuery {
  const { archived, lastActiveBefore, oldestArchivesLimit, prunedBefore } = query;
  return archived === false && lastActiveBefore !== undefined && (oldestArchivesLimit ?? prunedBefore) === undefined;
}

export interface SweepStatements {
  /** How many there are, or more than are few. */
  readonly count: string;
  /** Of few among any number: found by the index. */
  readonly few: string;
  /** Of many: row by row. `wanted` is 1 for those to list. */
  readonly many: string;
}

export function sweepStatements({ objects, sweep }: Tables): SweepStatements {
  const found = `${objects} INDEXED BY ${sweep} WHERE archived = 0 AND last_activity <= ?`;
  // Row numbers are texts here: the libraries refuse integers beyond 2^53, which another program may have stored.
  const columns = "CAST(rowid AS TEXT) AS place, id";
  const rows = "rowid > CAST(? AS INTEGER) AND rowid <= CAST(? AS INTEGER)";
  const inRange = "id >= ? AND id < ?";
  return {
    count: `SELECT count(*) AS n FROM (SELECT 1 FROM ${found} LIMIT ${FEW + 1})`,
    few: `SELECT ${columns}, 1 AS wanted FROM ${found} AND ${inRange} AND ${rows} ORDER BY rowid LIMIT ${PAGE}`,
    many: `SELECT ${columns}, archived = 0 AND last_activity <= ? AND ${inRange} AS wanted FROM ${objects}
      WHERE ${rows} ORDER BY rowid LIMIT ${PAGE}`,
  };
}

/** Leaves out objects that are stored meanwhile: one that is deleted and made again would come twice. */
export async function* listSwept(
  db: Database,
  tables: Tables,
  { lastActiveBefore, prefix = "" }: SweepQuery,
  call: Call,
  onSkipped: OnSkipped,
): AsyncGenerator<readonly string[]> {
  const { count, few, many } = sweepStatements(tables);
  const { from, to } = prefixRange(prefix);
  const newest = `SELECT CAST(max(rowid) AS TEXT) AS place FROM ${tables.objects}`;
  const last = await db.read(() => db.sql(newest).get()?.["place"], call);
  if (typeof last !== "string") return;
  for (let place = "-9223372036854775808"; ; ) {
    const after = place;
    const read = (isFew: boolean): Promise<readonly Row[]> =>
      db.read(() => db.sql(isFew ? few : many).all(lastActiveBefore, from, to, after, last), call);
    const isFew = await db.read(() => numberOf(db.sql(count).get(lastActiveBefore), "n") <= FEW, call);
    const page = await read(isFew).catch((error: unknown) => {
      // Damaged rows must not hide the others, and the index is elsewhere. It is slow if there are many.
      if (isFew || !hasCode(error, "CORRUPT")) throw error;
      return read(true);
    });
    yield page.flatMap((row) =>
      row["wanted"] === 1 ? (unlessCorrupt(() => idIn(blobOf(row, "id")), onSkipped) ?? []) : [],
    );
    const next = page[PAGE - 1]?.["place"];
    if (typeof next !== "string") return;
    place = next;
  }
}
