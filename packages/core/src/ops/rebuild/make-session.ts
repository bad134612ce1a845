/** Makes the object of a session that the catalogue lacks, from what lies in the sink and what is on record. */
import type { Context } from "../../context.js";
import { ArchiverError } from "../../errors.js";
import { parseKey } from "../../format/keys.js";
import { lastKey } from "../../format/parts.js";
import type { ArchiveInfo, BlobRef, Json, Meta, OpOptions } from "../../ports.js";
import { type ArchivedFile, storedFiles } from "../../session/archived-file.js";
import { KEY, OUTPUT, stringsAt, withKeys } from "../../session/metadata.js";
import { blobsOf } from "../../session/snapshot.js";
import type { ArchiveRecord } from "../../session/transitions/archived.js";
import { asForgotten } from "../../session/transitions/forgotten.js";
import { asRebuilt, metaIn, type RecordedTombstone, withTombstone } from "../../session/transitions/rebuilt.js";
import { withoutCounts } from "../../session/transitions/replaced.js";
import { alignedWith } from "./align.js";
import { archivedAtOf, type Entry, recordOf, sidecarsOf } from "./archive-record.js";
import { type Chosen, choose } from "./choose.js";
import { type Found, lookInto } from "./found.js";
import { liveMeta } from "./from-blobs.js";
import { metaFromArchive } from "./from-content.js";
import { isGone, type SessionHistory } from "./history.js";
import { hadLive } from "./live-lost.js";
import { mendedVersions, versionsOf } from "./versions-found.js";

/** What a session is made from. */
export interface Material {
  readonly id: string;
  /** Everything in the sink under the session's keys. */
  readonly infos: readonly ArchiveInfo[];
  readonly history: SessionHistory;
  readonly quick: boolean;
}

export interface Made {
  readonly meta: Meta;
  /** How many archives are kept as versions because they hold other bytes. */
  readonly newVersions: number;
}

/**
 * The metadata of the session; `undefined` if nothing of it is left that may come back. `CORRUPT` if there are archives,
 * but nothing can be known of them.
 */
export async function sessionFrom(ctx: Context, material: Material, op: OpOptions): Promise<Made | undefined> {
  const { id, history, quick } = material;
  // What was given up for good tells nothing either: manifests of a session that had this id before, for example.
  const infos = material.infos.filter(({ key }) => !isGone(history, key));
  const found = await lookInto(ctx, id, infos, quick, op);
  const chosen = await choose(ctx, id, infos, found, history, op);
  const blobs = await blobsOf(ctx, id, op);
  if (!chosen) {
    const meta = (await liveMeta(ctx, id, history, blobs, op)) ?? tombstoneOf(ctx, history);
    if (!meta) refuseUnknown(id, infos);
    if (!meta) return undefined;
    const versions = meta[KEY.versions];
    const mended = Array.isArray(versions) ? await mendedVersions(ctx, id, meta, found, versions, op) : null;
    return { meta: withKeys(withPin(meta, history), { [KEY.versions]: mended }), newVersions: 0 };
  }
  const { output, manifest, told } = chosen;
  const at = told ? archivedAtOf(told) : (infos.find(({ key }) => key === output.key)?.createdAt ?? ctx.now());
  const base = told ? metaIn(told.manifest) : await metaFromArchive(ctx, id, output.index, at, op);
  const entries = await entriesOf(found, chosen, infos);
  const isComplete = manifest !== undefined && manifest.manifest.files.length === entries.length;
  const record = await recordOf(ctx, id, base, entries, isComplete ? manifest : undefined, at, op);
  const others = await versionsOf(ctx, id, base, found, chosen.others, op);
  const isLiveLost = lacksLive(history, chosen) && !blobs.some(({ key }) => key.name === OUTPUT);
  const noted = (versions: readonly Json[]): Meta =>
    withKeys(withNotes(base, material, versions), { [KEY.liveLostAt]: isLiveLost ? ctx.now() : null });
  const versions = [...(await mendedVersions(ctx, id, base, found, chosen.versions, op)), ...others];
  const archived = withTombstone(asRebuilt(id, noted(versions), record), recordedTombstone(history, record.at));
  const meta = await withBlobs(ctx, archived, record, entries, blobs, op);
  if (meta) return { meta, newVersions: others.length };
  // A live output that holds other bytes is the output; then the archive is one of its versions.
  const [replaced] = await versionsOf(ctx, id, base, found, [output], op);
  // What the manifest counted is the version.
  const live = withoutCounts(noted([...versions, ...(replaced ? [replaced] : [])]));
  return { meta: live, newVersions: others.length + 1 };
}

async function entriesOf(found: Found, chosen: Chosen, infos: readonly ArchiveInfo[]): Promise<readonly Entry[]> {
  const { output, manifest, told } = chosen;
  const source = manifest ?? told;
  const toldOutput = source?.manifest.files.find((file) => lastKey(file) === output.key);
  const keys = infos.map(({ key }) => key);
  return [{ name: OUTPUT, index: output.index, told: toldOutput }, ...(await sidecarsOf(found, source, output, keys))];
}

function withNotes(base: Meta, { infos, history }: Material, versions: readonly Json[]): Meta {
  const there = new Set(infos.map(({ key }) => key));
  const kept = stringsAt(base, KEY.keptArchives).filter((key) => there.has(key));
  return withKeys(withPin(base, history), {
    [KEY.keptArchives]: kept.length > 0 ? kept : null,
    [KEY.versions]: versions.length > 0 ? versions : null,
  });
}

/** As on record, or else as it was. */
function withPin(base: Meta, { pinned }: SessionHistory): Meta {
  return pinned === undefined ? base : withKeys(base, { [KEY.pinned]: pinned || null });
}

/** Whether the session had live output beside this archive, or in its place. */
function lacksLive(history: SessionHistory, { output, manifest, told, wasReplaced }: Chosen): boolean {
  const naming = [manifest, told].find((one) => one?.manifest.files.some((file) => lastKey(file) === output.key));
  return wasReplaced || hadLive(history, output.key, naming?.key);
}

function recordedTombstone({ last }: SessionHistory, archivedAt: number): RecordedTombstone | undefined {
  if (last?.change !== "pruned" || last.prunedAt === undefined) return undefined;
  // A prune that was on record but not made, because the session was in use, is no tombstone on a later archive.
  if (last.archivedAt !== undefined && last.archivedAt !== archivedAt) return undefined;
  return { prunedAt: last.prunedAt, reason: last.reason, purgeAfter: last.purgeAfter };
}

/** What is left of a session whose archive was given up for good. */
function tombstoneOf(ctx: Context, { purged, last, resumed, forgottenAt }: SessionHistory): Meta | undefined {
  if (forgottenAt !== undefined && last?.change === "removed") {
    return asForgotten({ [KEY.view]: "agent", [KEY.forgottenAt]: forgottenAt });
  }
  if (!purged?.meta || last?.change === "removed") return undefined;
  const isLive = resumed !== undefined && resumed.archive === undefined;
  return withKeys(purged.meta, { [KEY.liveLostAt]: isLive ? ctx.now() : null });
}

/** `infos`: what was not given up. */
function refuseUnknown(id: string, infos: readonly ArchiveInfo[]): void {
  const first = infos.find(({ key }) => parseKey(key)?.kind === "output");
  if (!first) return;
  const message = `The archives of session "${id}" are damaged, and no manifest says what they held: salvage them.`;
  throw new ArchiverError("CORRUPT", message, { id, key: first.key });
}

/**
 * Live blobs that are still there continue the archive, or stand in its place. `undefined` if the live output holds other
 * bytes than the archive.
 */
async function withBlobs(
  ctx: Context,
  meta: Meta,
  record: ArchiveRecord,
  entries: readonly Entry[],
  blobs: readonly BlobRef[],
  op: OpOptions,
): Promise<Meta | undefined> {
  if (blobs.length === 0) return meta;
  const files: ArchivedFile[] = [];
  for (const file of record.files) {
    const blob = blobs.find(({ key }) => key.name === file.name);
    const index = entries.find(({ name }) => name === file.name)?.index;
    const aligned = blob && index ? await alignedWith(ctx, file, index, blob, op) : file;
    if (aligned) files.push(aligned);
    else if (file.name === OUTPUT) return undefined;
  }
  return withKeys(meta, { [KEY.archiveFiles]: storedFiles(files), [KEY.settlingAt]: ctx.now() });
}
