/** Objects through the index on the order of lists, with what lists show. */
import {
  encodeKey,
  type KeptListing,
  type ListPlace,
  type NewestQuery,
  prefixRange,
} from "@session-archiver/core/adapter";
import type { Call } from "./call.js";
import type { Database } from "./database.js";
import { beginningOf } from "./keys.js";
import { Parameters } from "./parameters.js";
import type { Row } from "./queryable.js";
import { bytesIn, nameIn, numberOf } from "./rows.js";
import { textOr } from "./stored-in.js";
import type { Tables } from "./tables.js";

const PAGE = 250;

interface Place {
  readonly newest: number;
  readonly id: Uint8Array;
}

/** Runs from place to place, not from row to row: what changes its place behind the present page does not disturb it. */
export async function* listNewest(
  db: Database,
  { objects }: Tables,
  { prefix = "", after }: NewestQuery,
  call: Call,
): AsyncGenerator<readonly KeptListing[]> {
  const { from, to } = prefixRange(prefix);
  for (let place: Place | undefined = after ? placeOf(after) : START; place; ) {
    const p = new Parameters();
    const [newest, id] = [p.number(place.newest), p.bytes(place.id)];
    // The first condition is what the index can find, the second what is meant.
    const rows: readonly Row[] = await db.query(
      `SELECT newest, id, k = sha256(id) AS is_sound, listing FROM ${objects}
       WHERE (newest, ${beginningOf("id")}) >= (${newest}, ${beginningOf(id)}) AND (newest, id) > (${newest}, ${id})
         AND id >= ${p.bytes(from)} AND id < ${p.bytes(to)}
       ORDER BY newest, ${beginningOf("id")}, id LIMIT ${PAGE}`,
      p,
      call,
    );
    yield rows.map(listingIn);
    const last: Row | undefined = rows[PAGE - 1];
    place = last && { newest: numberOf(last, "newest"), id: bytesIn(last, "id") };
  }
}

const START: Place = { newest: Number.NEGATIVE_INFINITY, id: new Uint8Array() };

function placeOf({ lastActivityMs, id }: ListPlace): Place {
  return { newest: -(lastActivityMs ?? 0), id: encodeKey(id) };
}

function listingIn(row: Row): KeptListing {
  const newest = numberOf(row, "newest");
  const listing = row["listing"] === null ? null : textOr(row, "listing");
  return { id: idIn(row), lastActivityMs: newest < 0 ? -newest : null, listing };
}

/** `undefined`, which is no id, if the row is damaged. */
function idIn(row: Row): string | undefined {
  try {
    return row["is_sound"] === true ? nameIn(row, "id") : undefined;
  } catch {
    return undefined;
  }
}
