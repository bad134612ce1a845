/** Finds what can be had of one damaged file. */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { parseKey } from "../../format/keys.js";
import type { FileIndex } from "../../format/manifest.js";
import { readArchive } from "../../format/reader.js";
import { scanIfWhole } from "../../format/unless-damaged.js";
import type { OpOptions } from "../../ports.js";
import { scanFile } from "../../read/archive-index.js";
import { type ArchivedFile, partsOfFile } from "../../session/archived-file.js";
import type { FileState } from "../../session/file-state.js";
import { countIn } from "../../session/line-count.js";
import { OUTPUT } from "../../session/metadata.js";
import type { Snapshot } from "../../session/snapshot.js";
import { findByBytes } from "./by-bytes.js";
import { findByMarkers } from "./by-markers.js";
import { partsIn, together, withinPart } from "./by-parts.js";
import { type Donors, findByRows } from "./by-rows.js";
import { liveBytesOf, type RawBytes, rawDonor, sinkDonor, sourceBytesOf } from "./donors.js";
import { type Objects, twinsOf } from "./find-objects.js";
import { areRowsOf, type Rows } from "./known-rows.js";
import type { Found } from "./saved.js";

export interface Damaged {
  readonly snapshot: Snapshot;
  readonly state: FileState;
  readonly file: ArchivedFile;
  /** Its index in the committed manifest, if there is one. */
  readonly index: FileIndex | undefined;
  /** Whether the session's source and blobs may have its bytes: not those of an earlier output. */
  readonly isPresent: boolean;
}

const NOTHING: Found = { runs: [], totalLines: undefined, isExact: true };

/** Each archive file of the damaged file is looked for by itself. */
export async function recover(
  ctx: Context,
  damaged: Damaged,
  objects: Objects,
  manifests: readonly Rows[],
  op: OpOptions,
): Promise<Found> {
  const { snapshot, state, file, index, isPresent } = damaged;
  const live = isPresent ? liveBytesOf(ctx, state, file, op) : undefined;
  const source = async () => (isPresent ? sourceBytesOf(ctx, snapshot, file, op) : undefined);
  const counted = file.name === OUTPUT ? countIn(snapshot.object.meta) : undefined;
  const totalLines = counted?.bytes === file.rawBytes ? totalOf(counted) : undefined;
  const parts = partsIn(file, index);
  const founds: Found[] = [];
  for (const part of parts) {
    const at = parts.length > 1 ? part.place : undefined;
    const within = (bytes: RawBytes | undefined) => (bytes && at ? withinPart(bytes, at) : bytes);
    const sought = {
      ...{ file: part.file, index: part.index, live: within(live), totalLines: at ? undefined : totalLines },
      source: async () => within(await source()),
    };
    founds.push(await recoverOne(ctx, snapshot.object.id, sought, objects, manifests, op));
  }
  const [only] = founds;
  return founds.length === 1 && only
    ? only
    : together(founds, index !== undefined, index ? totalOf(index) : totalLines);
}

/** One archive file. */
interface Sought {
  readonly file: ArchivedFile;
  readonly index: FileIndex | undefined;
  /** Bytes outside the sink, by their places in this archive file. */
  readonly live: RawBytes | undefined;
  source(): Promise<RawBytes | undefined>;
  readonly totalLines: number | undefined;
}

async function recoverOne(
  ctx: Context,
  id: string,
  { file, index, live, source, totalLines }: Sought,
  objects: Objects,
  manifests: readonly Rows[],
  op: OpOptions,
): Promise<Found> {
  const twins = await twinsOf(file, objects, op);
  const own = await ctx.archives.stat(file.archiveKey, op);
  const rows = [...(index ? [index.segments] : []), ...manifests, []].find((one) => areRowsOf(file, one));
  if (rows) {
    const sessions = objects.archives.filter(({ key }) => key !== file.archiveKey).map((info) => ({ info, ctx }));
    const others = new Map([...sessions, ...twins].map((one) => [one.info.key, one]));
    const donors: Donors = [
      async () => own && sinkDonor(ctx, own, undefined, op),
      ...[...others.values()].map((other) => async () => sinkDonor(other.ctx, other.info, "sink", op)),
      async () => live && rawDonor(ctx, id, live),
      async () => {
        const bytes = await source();
        return bytes && rawDonor(ctx, id, bytes);
      },
    ];
    return findByRows(rows, donors, index && totalOf(index), op);
  }
  for (const { info, ctx: shown } of twins) {
    const twin = await scanIfWhole(shown.archives, ctx.codec, info.key, op);
    if (!twin || !areRowsOf(file, twin.segments)) continue;
    return findByRows(twin.segments, [async () => sinkDonor(shown, info, "sink", op)], totalOf(twin), op);
  }
  const elsewhere =
    (live && (await findByBytes(ctx, id, file, live, op))) ?? (await fromSource()) ?? (await fromLonger());
  if (elsewhere) return elsewhere;
  return own ? findByMarkers(ctx, file, own, manifests, totalLines, op) : NOTHING;

  /** An archive that goes on from this one: its segments may be others. */
  async function fromLonger(): Promise<Found | undefined> {
    for (const { key } of objects.archives) {
      if (key === file.archiveKey || parseKey(key)?.follows) continue;
      const longer = await scanIfWhole(ctx.archives, ctx.codec, key, op);
      if (!longer) continue;
      const read = (start: number, end: number) => readArchive(ctx.archives, ctx.codec, longer, { start, end }, op);
      const found = await findByBytes(ctx, id, file, { from: "sink", start: 0, end: longer.rawBytes, read }, op);
      if (found) return found;
    }
    return undefined;
  }

  async function fromSource(): Promise<Found | undefined> {
    const bytes = await source();
    return bytes && findByBytes(ctx, id, file, bytes, op);
  }
}

function totalOf({ newlines, openLine }: { readonly newlines: number; readonly openLine: boolean }): number {
  return newlines + (openLine ? 1 : 0);
}

/** What a look at a file's archive has shown. `index`: if it is whole; else `reason`. */
export interface Look {
  readonly index?: FileIndex;
  readonly reason?: string;
}

/** Reads the whole archive. `index`: its index in a manifest that is certain. */
export async function lookAt(
  ctx: Context,
  file: ArchivedFile,
  index: FileIndex | undefined,
  op: OpOptions,
): Promise<Look> {
  for (const { key, archiveBytes } of partsOfFile(file)) {
    const info = await ctx.archives.stat(key, op);
    if (!info) return { reason: `Archive "${key}" is missing.` };
    if (info.size === archiveBytes) continue;
    return { reason: `Archive "${key}" has ${info.size} bytes, not the ${archiveBytes} that were committed.` };
  }
  try {
    if (!index) {
      const scanned = await scanFile(ctx, file, op);
      if (scanned && isCommitted(file, scanned)) return { index: scanned };
      return { reason: `Archive "${file.archiveKey}" is not the one that was committed.` };
    }
    for await (const _ of readArchive(ctx.archives, ctx.codec, index, { start: 0, end: index.rawBytes }, op));
    return { index };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function isCommitted(file: ArchivedFile, { rawBytes, crc32, lines }: FileIndex): boolean {
  return rawBytes === file.rawBytes && crc32 === file.crc32 && lines === file.lines;
}

/** What is wrong with an object; throws every error that says nothing about it. */
export function reasonOf(error: unknown): string {
  if (hasCode(error, "CORRUPT", "NOT_FOUND")) return (error as Error).message;
  throw error;
}
