/** The list of what is kept for lists, over a store's own half of it. */
import type { Meta, ObjectListing, ObjectStore, OpOptions } from "../ports.js";
import { decodeListing, listingOf } from "../session/listing.js";
import type { ObjectBackend } from "./backends.js";
import { objectCall } from "./call.js";
import type { Guard } from "./guard.js";
import { idOf, itemsOf, objectIn } from "./listed-objects.js";
import type { StoredMeta } from "./stored-meta.js";
import { resolvedUnlessCorrupt, unlessCorrupt } from "./unless-corrupt.js";

/** `get`: the port's, for objects of which nothing is kept that this version understands. */
export function listingNewest(
  backend: ObjectBackend,
  guard: Guard,
  get: ObjectStore["get"],
): NonNullable<ObjectStore["listNewest"]> {
  const found = async (id: string, op: OpOptions | undefined): Promise<Meta | undefined> => {
    const object = await resolvedUnlessCorrupt(() => get(id, op), guard.onSkipped);
    return object && listingOf(object.meta);
  };
  const listingIn = (stored: StoredMeta, id: string): Meta | undefined => {
    const object = unlessCorrupt(() => objectIn(id, stored), guard.onSkipped);
    return object && listingOf(object.meta);
  };
  return async function* listNewest(query = {}, op): AsyncGenerator<ObjectListing> {
    const call = guard.begin(objectCall("objects.listNewest", undefined, op));
    try {
      for await (const page of backend.listNewest?.(query, call) ?? []) {
        for (const kept of itemsOf(page)) {
          guard.begin(call);
          const id = unlessCorrupt(() => idOf(kept.id), guard.onSkipped);
          if (id === undefined || !id.startsWith(query.prefix ?? "")) continue;
          const listing =
            decodeListing(id, kept.listing) ?? (kept.stored ? listingIn(kept.stored, id) : await found(id, op));
          if (listing) yield { id, lastActivityMs: kept.lastActivityMs, listing };
        }
      }
    } catch (error) {
      await guard.fail(error, call);
    }
  };
}
