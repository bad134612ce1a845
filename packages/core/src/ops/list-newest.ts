/** Lists sessions by their metadata, last active first, in memory that does not grow with their number where the store can. */
import { type Context, warn } from "../context.js";
import { hasCode } from "../errors.js";
import type { NewestQuery, ObjectListing, OpOptions } from "../ports.js";
import { listingOf } from "../session/listing.js";
import { knownSizes, snapshotSizes } from "../session/session-sizes.js";
import { takeSnapshot } from "../session/snapshot.js";
import { type ListOptions, passOver } from "./list.js";
import { placeAt } from "./list-cursor.js";
import { type ListedSession, listedSession } from "./listed-session.js";
import { mapSome } from "./map-some.js";
import { sortedListings } from "./sorted-listings.js";

export interface ListNewestOptions extends Pick<ListOptions, "prefix" | "onFailure" | "signal"> {
  /** Only the sessions after this place: see {@link cursorAfter}. */
  readonly after?: string | undefined;
}

const LOOKS_AT_ONCE = 16;

export async function* listNewest(ctx: Context, options: ListNewestOptions): AsyncGenerator<ListedSession> {
  const { prefix, after, signal } = options;
  const query = { prefix, after: after === undefined ? undefined : placeAt(after) };
  const known = (object: ObjectListing): ListedSession | undefined => knownSession(ctx, object);
  const look = async (object: ObjectListing): Promise<ListedSession | undefined> => {
    try {
      return await lookAt(ctx, object, { signal });
    } catch (error) {
      passOver(ctx, object.id, error, options);
      return undefined;
    }
  };
  yield* mapSome(listings(ctx, query, { signal }), known, look, LOOKS_AT_ONCE);
}

/** What the store keeps for lists; or all objects, sorted, from where what it keeps is damaged. */
async function* listings(ctx: Context, query: NewestQuery, op: OpOptions): AsyncGenerator<ObjectListing> {
  const { objects } = ctx;
  let { after } = query;
  try {
    for await (const one of objects.listNewest?.(query, op) ?? []) {
      yield one;
      after = one;
    }
    if (objects.listNewest) return;
  } catch (error) {
    if (!hasCode(error, "CORRUPT")) throw error;
    warn(ctx, undefined, error);
  }
  yield* sortedListings(objects, { ...query, after }, op);
}

/** `undefined` if the metadata does not say how much of the session is live. */
function knownSession(ctx: Context, { id, lastActivityMs, listing }: ObjectListing): ListedSession | undefined {
  const sizes = knownSizes(listing);
  return sizes && placed(listedSession(ctx, { id, meta: listing }, sizes), lastActivityMs);
}

async function lookAt(ctx: Context, { id, lastActivityMs }: ObjectListing, op: OpOptions): Promise<ListedSession> {
  const snapshot = await takeSnapshot(ctx, id, op);
  const meta = listingOf(snapshot.object.meta);
  return placed(listedSession(ctx, { id, meta }, snapshotSizes(snapshot)), lastActivityMs);
}

/** If it has changed since it was listed, it still stands where it stood, and a list goes on from there. */
function placed(session: ListedSession, lastActivityMs: number | null): ListedSession {
  return session.lastActivityMs === lastActivityMs ? session : { ...session, lastActivityMs };
}
