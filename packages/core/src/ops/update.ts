/** Changes a session's metadata for the host, which may set all keys but those that the archiver itself keeps. */

import { checkedJson } from "../adapter/validate.js";
import type { Context } from "../context.js";
import { ArchiverError } from "../errors.js";
import { shown } from "../options.js";
import type { Meta, OpOptions } from "../ports.js";
import { updateMeta } from "../session/commit.js";
import { KEY, withKeys } from "../session/metadata.js";

/** The keys known to the archiver that a host may set. */
const HOSTS: ReadonlySet<string> = new Set([
  KEY.view,
  KEY.startedAt,
  KEY.lastActivity,
  KEY.lineCount,
  KEY.countedTo,
  KEY.pinned,
  KEY.source,
  KEY.facts,
  KEY.members,
  KEY.originals,
  KEY.aliases,
]);

const OWNED: readonly string[] = Object.values(KEY).filter((key) => !HOSTS.has(key));

/**
 * Resolves to the new metadata. `NOT_FOUND` for an unknown session, `CONFLICT` if it keeps changing, `INVALID_ARGUMENT`
 * for a value that is not metadata or alters a key of the archiver; an error of `change` is passed on. If it rejects,
 * nothing has changed, except perhaps with `UNAVAILABLE`.
 */
export async function update(ctx: Context, id: string, change: (meta: Meta) => Meta, op?: OpOptions): Promise<Meta> {
  const changed = (before: Meta): Meta => {
    const text = checkedJson(withKeys(before, {}), id);
    // A copy, so that changes which the host makes in place are noticed.
    const after = checkedMeta(id, change(JSON.parse(text)));
    if (checkedJson(after, id) === text) return before;
    checkOwned(id, before, after);
    return after;
  };
  return (await updateMeta(ctx, id, changed, op)).meta;
}

/** A host's metadata without the keys that are `null`. `INVALID_ARGUMENT` for a value that is not metadata. */
export function checkedMeta(id: string, given: unknown): Meta {
  // By its tag: an object may come from another window, and a promise must not pass for metadata.
  if (Object.prototype.toString.call(given) === "[object Object]") return withKeys(given as Meta, {});
  const isPromise = typeof given === "object" && given !== null && "then" in given;
  const what = isPromise ? "a promise: it must be there at once" : shown(given);
  throw new ArchiverError("INVALID_ARGUMENT", `The metadata of session "${id}" must be an object, is ${what}.`, { id });
}

/** `INVALID_ARGUMENT` if a key differs that only the archiver may change. */
export function checkOwned(id: string, before: Meta, after: Meta): void {
  const key = OWNED.find((owned) => checkedJson(before[owned] ?? null) !== checkedJson(after[owned] ?? null));
  if (key === undefined) return;
  const message = `"${key}" of session "${id}" is the archiver's own: it must stay as it is.`;
  throw new ArchiverError("INVALID_ARGUMENT", message, { id, key });
}
