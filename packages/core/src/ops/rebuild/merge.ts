/**
 * Gives a session that the catalogue has the archives that it lacks. Nothing is marked as superseded, and live bytes stay
 * as they are: an archive that goes on from the session's own takes its place, any other becomes a version.
 */
import type { Context } from "../../context.js";
import { crc32 } from "../../format/crc32.js";
import { parseKey } from "../../format/keys.js";
import type { ManifestFile } from "../../format/manifest.js";
import { lastKey } from "../../format/parts.js";
import { readArchive } from "../../format/reader.js";
import type { ArchiveInfo, Meta, OpOptions } from "../../ports.js";
import { givenUpKeys, namedKeys } from "../../session/archive-keys.js";
import { type ArchivedFile, archivedFiles, lastKeyOf } from "../../session/archived-file.js";
import { tryPut } from "../../session/commit.js";
import { KEY, OUTPUT, positiveAt, withKeys } from "../../session/metadata.js";
import { busy, MAX_TRIES, type Snapshot, takeSnapshot } from "../../session/snapshot.js";
import { isAtRest } from "../../session/snapshot-facts.js";
import { isArchived, isForgotten, isPurged } from "../../session/state.js";
import { asRebuilt, metaIn } from "../../session/transitions/rebuilt.js";
import { asRevived } from "../../session/transitions/written.js";
import { keptOutputs } from "../../session/versions.js";
import { prove } from "../gc/proof.js";
import { archivedAtOf, recordOf, sidecarsOf } from "./archive-record.js";
import { type Found, lookInto } from "./found.js";
import { isGone } from "./history.js";
import type { Material } from "./make-session.js";
import type { FoundFile } from "./open-found.js";
import { beginningsOf, maximalOf } from "./prefixes.js";
import { versionsOf } from "./versions-found.js";

/** How many archives the session has now that it lacked. */
export interface Merged {
  readonly archives: number;
  readonly newVersions: number;
}

const NOTHING: Merged = { archives: 0, newVersions: 0 };

export async function mergeInto(ctx: Context, material: Material, op: OpOptions): Promise<Merged> {
  const { id, infos } = material;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const snapshot = await takeSnapshot(ctx, id, op);
    const lacking = await lackedBy(ctx, snapshot, material, op);
    if (lacking.length === 0) return NOTHING;
    const found = await lookInto(ctx, id, infos, material.quick, op);
    const files: FoundFile[] = [];
    for (const { key } of lacking) {
      const file = await found.file(key);
      if (file) files.push(file);
    }
    const maximal = await maximalOf(ctx, files, op);
    if (maximal.length === 0) return NOTHING;
    const next = await nextOf(ctx, snapshot, found, maximal, infos, op);
    const newVersions = keptOutputs(next).length - keptOutputs(snapshot.object.meta).length;
    if ((await tryPut(ctx, snapshot.object, next, op)) !== undefined) return { archives: maximal.length, newVersions };
  }
  throw busy(id);
}

/** Output files whose bytes the session does not hold, and that were never given up. */
export async function lackedBy(
  ctx: Context,
  snapshot: Snapshot,
  { id, infos, history }: Material,
  op: OpOptions,
): Promise<readonly ArchiveInfo[]> {
  const { meta } = snapshot.object;
  const known = new Set([...namedKeys(id, meta), ...givenUpKeys(id, meta)]);
  // The record of the forgetting may be lost, or of another store.
  const forgottenAt = isForgotten(meta) ? positiveAt(meta, KEY.forgottenAt) : history.forgottenAt;
  const isStranger = (key: string): boolean => !known.has(key) && !isGone({ ...history, forgottenAt }, key);
  const strangers = infos.filter(({ key }) => isStranger(key) && parseKey(key)?.kind === "output");
  if (strangers.length === 0) return [];
  const { superfluous } = await prove(ctx, snapshot, strangers, op);
  return strangers.filter((info) => !superfluous.has(info));
}

async function nextOf(
  ctx: Context,
  snapshot: Snapshot,
  found: Found,
  maximal: readonly FoundFile[],
  infos: readonly ArchiveInfo[],
  op: OpOptions,
): Promise<Meta> {
  const { id, meta } = snapshot.object;
  const [longest, ...rest] = maximal;
  const goesOn = longest?.isWhole && (await continues(ctx, snapshot, found, longest, op));
  const others = await versionsOf(ctx, id, meta, found, goesOn ? rest : maximal, op);
  const before = meta[KEY.versions];
  const versions = [...(Array.isArray(before) ? before : []), ...others];
  const noted = (base: Meta): Meta => withKeys(base, { [KEY.versions]: versions.length > 0 ? versions : null });
  if (!goesOn || !longest) return noted(meta);
  const naming = found.manifests.toReversed().filter(({ manifest }) => names(manifest.files, longest.key));
  const [told] = naming;
  const entries = [
    { name: OUTPUT, index: longest.index, told: told?.manifest.files.find((file) => lastKey(file) === longest.key) },
    ...(await sidecarsOf(
      found,
      told,
      longest,
      infos.map(({ key }) => key),
    )),
  ];
  const isRight = told && told.manifest.files.length === entries.length && (await found.isRight(told));
  const at = told ? archivedAtOf(told) : ctx.now();
  const base = { ...(isPurged(meta) ? asRevived(meta) : meta), ...(told ? metaIn(told.manifest) : {}) };
  const own = {
    [KEY.pinned]: meta[KEY.pinned],
    [KEY.givenUp]: meta[KEY.givenUp],
    [KEY.condemned]: meta[KEY.condemned],
  };
  const record = await recordOf(ctx, id, base, entries, isRight ? told : undefined, at, op);
  return asRebuilt(id, noted(withKeys(base, own)), record);
}

function names(files: readonly ManifestFile[], output: string): boolean {
  return files.some((file) => file.name === OUTPUT && lastKey(file) === output);
}

/** Whether the archive begins with all that the session holds, none of it live. */
async function continues(
  ctx: Context,
  snapshot: Snapshot,
  found: Found,
  longer: FoundFile,
  op: OpOptions,
): Promise<boolean> {
  const { id, meta } = snapshot.object;
  if (isPurged(meta)) return snapshot.files.length === 0;
  const isAllArchived = isArchived(meta) && snapshot.files.every(({ kind }) => kind === "archived");
  if (!isAllArchived && !isAtRest(snapshot)) return false;
  const file = archivedFiles(id, meta).find(({ name }) => name === OUTPUT);
  if (!file) return false;
  const own = await found.upTo(lastKeyOf(file));
  if (own?.isWhole) return (await beginningsOf(ctx, longer, [own], op)).length > 0;
  return beginsAs(ctx, longer, file, op); // its archive is missing or damaged
}

async function beginsAs(ctx: Context, { index }: FoundFile, file: ArchivedFile, op: OpOptions): Promise<boolean> {
  if (index.rawBytes < file.rawBytes) return false;
  let crc = 0;
  const range = { start: 0, end: file.rawBytes };
  for await (const chunk of readArchive(ctx.archives, ctx.codec, index, range, op)) crc = crc32(chunk, crc);
  return crc === file.crc32;
}
