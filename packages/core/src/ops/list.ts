/** Lists sessions: by a look at each, or, for lists of thousands, by their metadata alone. */
import { type Context, warn } from "../context.js";
import { hasCode } from "../errors.js";
import { mapOrdered } from "../format/map-ordered.js";
import type { OpOptions, StoredObject } from "../ports.js";
import { knownSizes } from "../session/session-sizes.js";
import { confirm, peekAt } from "../session/snapshot.js";
import { infoOf, type SessionInfo, sessionInfo } from "./info.js";
import { failureOf, type SessionFailure } from "./report.js";

export interface ListOptions extends OpOptions {
  /** Only sessions whose ids start with this. */
  readonly prefix?: string | undefined;
  /**
   * `metadata`: takes sizes and states from the metadata, without looking at the blobs of settled sessions. Leaves out
   * live sidecars, and output that a recorder has yet to count.
   */
  readonly from?: "metadata" | undefined;
  /**
   * Gets each session that can't be looked at, and why; the others are still listed. Without it, a `CORRUPT` session
   * causes a warning event, and any other failure ends the list.
   */
  readonly onFailure?: ((failure: SessionFailure) => void) | undefined;
}

const LOOKS_AT_ONCE = 16;

/** The objects whose ids start with the prefix; a store may list more than it was asked for. */
export async function* objectsWith(ctx: Context, { prefix, signal }: ListOptions): AsyncGenerator<StoredObject> {
  const query = prefix === undefined ? undefined : { prefix };
  for await (const object of ctx.objects.list(query, { signal })) if (object.id.startsWith(prefix ?? "")) yield object;
}

export async function* listByMetadata(ctx: Context, options: ListOptions): AsyncGenerator<SessionInfo> {
  const op = { signal: options.signal };
  const infoFor = async (object: StoredObject): Promise<SessionInfo | undefined> => {
    const known = knownInfo(ctx, object);
    if (known) return known;
    try {
      return await sessionInfo(ctx, object.id, op);
    } catch (error) {
      passOver(ctx, object.id, error, options);
      return undefined;
    }
  };
  for await (const info of mapOrdered(objectsWith(ctx, options), infoFor, LOOKS_AT_ONCE)) if (info) yield info;
}

/** `undefined` if the metadata does not say how much of the session is live. */
function knownInfo(ctx: Context, object: StoredObject): SessionInfo | undefined {
  const sizes = knownSizes(object.meta);
  return sizes && infoOf(ctx, { object, files: [] }, sizes);
}

/** Passes over a session that was deleted meanwhile or can't be looked at, so that the others are still listed. */
export function passOver(
  ctx: Context,
  id: string,
  error: unknown,
  { onFailure }: Pick<ListOptions, "onFailure">,
): void {
  if (hasCode(error, "NOT_FOUND")) return;
  const isTold = onFailure !== undefined && !hasCode(error, "ABORTED");
  if (isTold) onFailure(failureOf(id, error));
  else if (hasCode(error, "CORRUPT")) warn(ctx, id, error);
  else throw error;
}

/** Yields the info of every object. */
export async function* listSessions(
  ctx: Context,
  objects: AsyncIterable<StoredObject>,
  { onFailure, ...op }: Omit<ListOptions, "from" | "prefix">,
): AsyncGenerator<SessionInfo> {
  for await (const object of objects) {
    let info: SessionInfo | undefined;
    try {
      info = infoOf(ctx, await confirm(ctx, await peekAt(ctx, object, op), op));
    } catch (error) {
      passOver(ctx, object.id, error, { onFailure });
    }
    if (info) yield info;
  }
}
