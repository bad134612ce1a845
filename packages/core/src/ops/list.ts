/** Lists sessions: by a look at each, or by their metadata alone, for lists of thousands. */
import { type Context, warn } from "../context.js";
import { hasCode } from "../errors.js";
import { mapOrdered } from "../format/map-ordered.js";
import type { OpOptions, StoredObject } from "../ports.js";
import { countIn } from "../session/line-count.js";
import { countAt, KEY, positiveAt } from "../session/metadata.js";
import { confirm, peekAt } from "../session/snapshot.js";
import { isPruned, stateOf } from "../session/state.js";
import { infoOf, type SessionInfo, sessionInfo } from "./info.js";
import { failureOf, type SessionFailure } from "./report.js";

export interface ListOptions extends OpOptions {
  /** Only sessions whose ids begin so. */
  readonly prefix?: string | undefined;
  /**
   * `metadata`: sizes and states as the metadata has them, without a look at the blobs of sessions at rest. Live sidecars are
   * not in it, nor is what a recorder has yet to count.
   */
  readonly from?: "metadata" | undefined;
  /**
   * Told of each session that can't be looked at, and why; the others are listed all the same. Without it there is a warning
   * event for one that is `CORRUPT`, and any other failure ends the list.
   */
  readonly onFailure?: ((failure: SessionFailure) => void) | undefined;
}

const LOOKS_AT_ONCE = 16;

/** The sessions of such ids, as their store has them: it may list more than was asked for. */
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

/** `undefined` where the metadata does not say how much of the session is live, or that something was cut short. */
function knownInfo(ctx: Context, object: StoredObject): SessionInfo | undefined {
  const { meta } = object;
  if (positiveAt(meta, KEY.settlingAt) !== undefined) return undefined;
  const state = stateOf(meta);
  const archived = countAt(meta, KEY.archivedRawBytes) ?? 0;
  const isAtRest = state === "archived" || isPruned(meta);
  const rawBytes = isAtRest ? archived : countIn(meta)?.bytes;
  if (rawBytes === undefined || rawBytes < archived) return undefined;
  const liveBytes = rawBytes - archived;
  const info = infoOf(ctx, { object, files: [] });
  return { ...info, state, rawBytes, liveBytes, totalBytes: liveBytes + info.archiveBytes };
}

/** A session that was deleted meanwhile, or can't be looked at, doesn't keep the others from being listed. */
function passOver(ctx: Context, id: string, error: unknown, { onFailure }: Pick<ListOptions, "onFailure">): void {
  if (hasCode(error, "NOT_FOUND")) return;
  const isTold = onFailure !== undefined && !hasCode(error, "ABORTED");
  if (isTold) onFailure(failureOf(id, error));
  else if (hasCode(error, "CORRUPT")) warn(ctx, id, error);
  else throw error;
}

/** All sessions. */
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
