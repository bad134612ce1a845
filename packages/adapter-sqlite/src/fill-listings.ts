/** Gives objects that an older version wrote what lists show of them. */
import { decodeMeta, encodeListing, type Meta, unlessCorrupt } from "@session-archiver/core/adapter";
import type { Database } from "./database.js";
import { numberOf, type Row } from "./driver.js";
import type { Tables } from "./tables.js";

/** Objects in one transaction, of some milliseconds. Other processes may write between two of them. */
const STEP = 100;
/** Objects for each time that a store is opened: some tenths of a second. Of those that are left, lists read the metadata. */
const MOST = 2000;

/** Does a part of what there is to do. May be stopped at any time. */
export async function fillListings(db: Database, tables: Tables, most: number = MOST): Promise<void> {
  for (let filled = 0; filled < most; filled += STEP) {
    if ((await db.read(() => unlisted(db, tables, 1))).length === 0) return;
    await db.write(() => fillSome(db, tables));
  }
}

function unlisted(db: Database, { objects, unlisted }: Tables, limit: number): readonly Row[] {
  const select = `SELECT rowid, version, meta FROM ${objects} INDEXED BY ${unlisted} WHERE listed IS NOT version LIMIT ?`;
  return db.sql(select).all(limit);
}

function fillSome(db: Database, tables: Tables): void {
  const update = db.sql(`UPDATE ${tables.objects} SET listing = ?, listed = version WHERE rowid = ?`);
  for (const row of unlisted(db, tables, STEP)) update.run(listingOf(row), numberOf(row, "rowid"));
}

/** `null` for damaged metadata: a list then reads it, and reports the damage. */
function listingOf(row: Row): string | null {
  const read = (): Meta => decodeMeta({ version: "", json: row["meta"] }, "an object", {}).meta;
  const meta = unlessCorrupt(read, () => {});
  return meta ? encodeListing(meta) : null;
}
