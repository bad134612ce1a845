/** Objects through the index on the order of lists. Nothing is kept for lists but this order: the metadata is read. */
import {
  encodeKey,
  KEY,
  type KeptListing,
  type ListPlace,
  type NewestQuery,
  prefixRange,
  unlessCorrupt,
} from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { blobOf, numberOf, type Row, type SqlValue } from "./driver.js";
import { idIn } from "./object-ids.js";
import type { OnSkipped } from "./options.js";
import type { Tables } from "./tables.js";

/** Larger pages take longer until the first row is there, and cost more: the collector copies rows that wait. */
const PAGE = 250;

/** The longest of what lists leave out. */
const LEFT_OUT = [`"${KEY.facts}".values.state`, `"${KEY.source}"`, `"${KEY.archiveFiles}"`];
/** SQLite takes it out: text that is not handed over need not be parsed, nor collected. Damaged metadata is given as it is. */
const META = `CASE WHEN typeof(meta) = 'text' AND json_valid(meta)
  THEN json_remove(meta, ${LEFT_OUT.map((path) => `'$.${path}'`).join(", ")}) ELSE meta END AS meta`;

/** Runs from place to place, not from row to row: what changes its place behind the present page does not disturb it. */
export async function* listNewest(
  db: Database,
  { objects, newest }: Tables,
  { prefix = "", after }: NewestQuery,
  call: Call,
  onSkipped: OnSkipped,
): AsyncGenerator<readonly KeptListing[]> {
  const { from, to } = prefixRange(prefix);
  const select = `SELECT newest, id, ${META} FROM ${objects} INDEXED BY ${newest}
    WHERE (newest, id) > (?, ?) AND id >= ? AND id < ? ORDER BY newest, id LIMIT ${PAGE}`;
  let place: readonly SqlValue[] = after ? orderOf(after) : [Number.NEGATIVE_INFINITY, new Uint8Array()];
  for (;;) {
    const rows = await db.read(() => db.sql(select).all(...place, from, to), call);
    yield rows.flatMap((row) => unlessCorrupt(() => listingIn(row), onSkipped) ?? []);
    const last = rows[PAGE - 1];
    if (!last) return;
    place = [numberOf(last, "newest"), blobOf(last, "id")];
  }
}

function orderOf({ lastActivityMs, id }: ListPlace): readonly SqlValue[] {
  return [-(lastActivityMs ?? 0), encodeKey(id)];
}

function listingIn(row: Row): KeptListing {
  const newest = numberOf(row, "newest");
  return {
    id: idIn(blobOf(row, "id")),
    lastActivityMs: newest < 0 ? -newest : null,
    listing: null,
    // Only its metadata counts here.
    stored: { version: "", json: row["meta"] },
  };
}
