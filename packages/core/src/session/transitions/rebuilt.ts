/** What a catalogue that is made anew notes of a session, from a manifest and from run records. Pure. */
import type { Manifest } from "../../format/manifest.js";
import type { Json, Meta } from "../../ports.js";
import { KEY, recordIn, withKeys } from "../metadata.js";
import { type ArchiveRecord, asArchived, asSettled } from "./archived.js";
import { NO_ARCHIVE } from "./given-up.js";
import { NO_TOMBSTONE } from "./tombstone.js";

/** A tombstone that is on record. */
export interface RecordedTombstone {
  readonly prunedAt: number;
  readonly reason: string | undefined;
  readonly purgeAfter: number | undefined;
}

/** What was in the metadata beside the state that the session was in then. */
export function metaIn({ meta, source, facts }: Manifest): Meta {
  const originals = recordIn(meta[KEY.originals]);
  return withKeys(meta, {
    // Where files lay is only hearsay now, and whether they still lie there isn't known.
    [KEY.originals]: originals && { ...originals, rebuilt: true },
    ...NO_ARCHIVE,
    ...NO_TOMBSTONE,
    [KEY.source]: (source as unknown as Json) ?? meta[KEY.source],
    [KEY.facts]: (facts as unknown as Json) ?? meta[KEY.facts],
    [KEY.archivedAt]: null,
    [KEY.archivedRawBytes]: null,
    [KEY.purgedAt]: null,
    [KEY.prunedCrc32]: null,
    [KEY.givenUp]: null,
    [KEY.condemned]: null,
    [KEY.removingAt]: null,
    [KEY.restoredAt]: null,
    [KEY.liveLostAt]: null,
  });
}

/** A fully archived session. Nothing counts as given up by this, also no archive that the session named before. */
export function asRebuilt(id: string, base: Meta, record: ArchiveRecord): Meta {
  const archived = asSettled(asArchived(id, base, record), undefined);
  return withKeys(archived, { [KEY.givenUp]: base[KEY.givenUp] });
}

export function withTombstone(meta: Meta, tombstone: RecordedTombstone | undefined): Meta {
  if (!tombstone) return meta;
  const { prunedAt, reason, purgeAfter } = tombstone;
  return withKeys(meta, { [KEY.prunedAt]: prunedAt, [KEY.pruneReason]: reason, [KEY.purgeAfter]: purgeAfter });
}
