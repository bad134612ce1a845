/** What an import notes in a session's metadata. */

import type { Json, Meta } from "../../ports.js";
import { updateMeta } from "../../session/commit.js";
import { countIn, type OutputCount, withCount } from "../../session/line-count.js";
import { countAt, KEY, positiveAt, recordIn, stringAt, withKeys } from "../../session/metadata.js";
import { isPurged } from "../../session/state.js";
import { withFacts } from "../../session/transitions/archived.js";
import { lifeOf } from "../../session/versions.js";
import { isTime } from "../../time.js";
import type { Feed } from "./feed.js";
import type { Job, Seen } from "./job.js";
import type { Scan } from "./scan.js";

/** Noted by earlier command lines, which had an import of their own. It shows that the session came from a source. */
const OLD_SOURCE = "import:source";

/** The metadata of a session that has no bytes yet. Without a line count, no sweep touches it. */
export function firstMeta({ feed, meta }: Job): Meta {
  return withKeys({ [KEY.view]: "agent", ...meta }, { [KEY.source]: sourceOf({}, feed) });
}

/** `size`: bytes of the source, if the session holds all of them. */
function sourceOf(meta: Meta, feed: Feed, size?: number): Json {
  const { identity, location, version } = feed;
  const before = withKeys(notedSource(meta), { location: null, version: null, size: null });
  return withKeys(before, { identity, location, ...(size !== undefined && { version, size }) });
}

export function notedSource(meta: Meta): Meta {
  return recordIn(meta[KEY.source]) ?? {};
}

/** Whether an import has created the session, or continued it. */
function isImported(meta: Meta): boolean {
  return meta[KEY.source] !== undefined || meta[OLD_SOURCE] !== undefined;
}

/**
 * Whether the source was taken in whole and is unchanged since. A last activity before 2000 was noted by an earlier
 * version, which took seconds for milliseconds; the source is then looked at again. So it is where live output was lost
 * with a catalogue: the source may show that nothing is missing.
 */
export function isTakenIn(meta: Meta, feed: Feed): boolean {
  const { version, size } = notedSource(meta);
  const isSame = feed.version !== undefined && version === feed.version && size === feed.size;
  const isSure = countAt(meta, KEY.unproven) === undefined && positiveAt(meta, KEY.liveLostAt) === undefined;
  return isSame && isSure && isTime(Number(meta[KEY.lastActivity]));
}

/**
 * Notes that the session holds the source's bytes, all of which were seen. `false` if the session holds other bytes by
 * now, or another import has noted more of the same source. `before`: the metadata as it was when the bytes were looked
 * at.
 */
export async function recordImport(job: Job, seen: Seen, before: Meta): Promise<boolean> {
  const { ctx, id, feed } = job;
  seen.scan.end();
  let isOvertaken = false;
  await updateMeta(ctx, id, (meta) => {
    isOvertaken = lifeOf(meta) !== lifeOf(before) || isPurged(meta) || hasMore(meta, before, feed, seen.scan.bytes);
    if (isOvertaken) return meta;
    const noted = asImported(job, meta, seen);
    return JSON.stringify(noted) === JSON.stringify(meta) ? meta : noted;
  });
  return !isOvertaken;
}

/** The metadata of a session whose output is what was seen of the source. */
export function asImported(
  job: Job,
  meta: Meta,
  { scan, facts, from }: Seen,
  isNew: boolean = job.done !== undefined || isImported(meta),
): Meta {
  const source = sourceOf(meta, job.feed, scan.bytes);
  const unproven = from > 0 ? from : null;
  const origin = { [KEY.source]: source, [KEY.unproven]: unproven, [KEY.liveLostAt]: null };
  const noted = withFacts(isCopy(job, meta) ? meta : withKeys(meta, origin), facts.facts());
  // A host's session that held the same bytes already keeps the host's times and counts.
  return isNew ? withStats(job, noted, scan, from > 0) : noted;
}

/** Whether this is another source that holds no more than the session: then the session's own source stays noted. */
function isCopy({ rewritten, done }: Job, meta: Meta): boolean {
  return rewritten === "leave" && done === undefined && stringAt(notedSource(meta), "location") !== undefined;
}

/** Times come from the lines, not from the clock of the process that wrote them into the store. */
function withStats({ ctx, feed, done }: Job, meta: Meta, scan: Scan, isContinued: boolean): Meta {
  const now = ctx.now();
  const startedAt = positiveAt(meta, KEY.startedAt);
  const lastActivity = positiveAt(meta, KEY.lastActivity) ?? 0;
  const isCounted = (countIn(meta)?.bytes ?? 0) > scan.bytes;
  return withKeys(isCounted ? meta : withCount(meta, scan as OutputCount), {
    [KEY.startedAt]: (isContinued ? startedAt : undefined) ?? scan.oldest ?? startedAt,
    [KEY.lastActivity]: isContinued
      ? Math.max(lastActivity, scan.newest ?? 0)
      : (scan.newest ?? timeOfSource(feed, now)),
    // As after any new output, sweeps no longer leave the session alone for having been restored.
    [KEY.restoredAt]: done === undefined ? meta[KEY.restoredAt] : null,
  });
}

/** Unpacking programs create files dated 1970 and 1980; nothing was written then. */
function timeOfSource({ lastModifiedMs }: Feed, now: number): number {
  return Math.trunc(lastModifiedMs !== undefined && isTime(lastModifiedMs) ? Math.min(lastModifiedMs, now) : now);
}

function hasMore(meta: Meta, before: Meta, feed: Feed, bytes: number): boolean {
  const noted = notedSource(meta);
  const isNew = noted["size"] !== notedSource(before)["size"];
  return isNew && stringAt(noted, "identity") === feed.identity && (countAt(noted, "size") ?? 0) > bytes;
}
