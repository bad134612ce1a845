/** The list that a store without an index does not give: reads all objects, and sorts what lists show of them. */
import { resolvedUnlessCorrupt } from "../adapter/unless-corrupt.js";
import type { ListPlace, Meta, NewestQuery, ObjectListing, ObjectStore, OpOptions } from "../ports.js";
import { comparePlaces, placeOf } from "../session/list-place.js";
import { decodeListing, encodeListing, listingOf } from "../session/listing.js";

/** Some hundred bytes for each object, however long its metadata is. */
interface Row extends ListPlace {
  /** `null`: it is long, and read again. */
  readonly text: string | null;
}

export async function* sortedListings(
  objects: ObjectStore,
  { prefix, after }: NewestQuery,
  op: OpOptions,
): AsyncGenerator<ObjectListing> {
  const rows: Row[] = [];
  for await (const { id, meta } of objects.list(prefix === undefined ? undefined : { prefix }, op)) {
    if (!id.startsWith(prefix ?? "")) continue;
    const place = placeOf(id, meta);
    if (!after || comparePlaces(place, after) > 0) rows.push({ ...place, text: encodeListing(id, meta) });
  }
  rows.sort(comparePlaces);
  for (const { id, lastActivityMs, text } of rows) {
    const listing = decodeListing(id, text) ?? (await listingAgain(objects, id, op));
    if (listing) yield { id, lastActivityMs, listing };
  }
}

/** `undefined` if it is gone, or was damaged since: the store reports that at the next list. */
async function listingAgain(objects: ObjectStore, id: string, op: OpOptions): Promise<Meta | undefined> {
  const object = await resolvedUnlessCorrupt(
    () => objects.get(id, op),
    () => {},
  );
  return object && listingOf(object.meta);
}
