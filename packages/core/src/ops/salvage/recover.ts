/** Finds what can be had of one damaged file. */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { FileIndex } from "../../format/manifest.js";
import { readArchive } from "../../format/reader.js";
import { scanArchive } from "../../format/scan.js";
import { scanIfWhole } from "../../format/unless-damaged.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";
import type { ArchivedFile } from "../../session/archived-file.js";
import type { FileState } from "../../session/file-state.js";
import { countIn } from "../../session/line-count.js";
import { OUTPUT } from "../../session/metadata.js";
import type { Snapshot } from "../../session/snapshot.js";
import { findByBytes } from "./by-bytes.js";
import { findByMarkers } from "./by-markers.js";
import { type Donors, findByRows } from "./by-rows.js";
import { liveBytesOf, rawDonor, sinkDonor, sourceBytesOf } from "./donors.js";
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

export async function recover(
  ctx: Context,
  damaged: Damaged,
  objects: Objects,
  manifests: readonly Rows[],
  op: OpOptions,
): Promise<Found> {
  const { snapshot, state, file, index, isPresent } = damaged;
  const { id, meta } = snapshot.object;
  const twins = await twinsOf(ctx, file, objects, op);
  const own = await ctx.archives.stat(file.archiveKey, op);
  const live = isPresent ? liveBytesOf(ctx, state, file, op) : undefined;
  const source = async () => (isPresent ? sourceBytesOf(ctx, snapshot, file, op) : undefined);
  const rows = [...(index ? [index.segments] : []), ...manifests, []].find((one) => areRowsOf(file, one));
  if (rows) {
    const isOther = ({ key }: ArchiveInfo): boolean => key !== file.archiveKey;
    const others = new Map([...objects.archives.filter(isOther), ...twins].map((info) => [info.key, info]));
    const donors: Donors = [
      async () => own && sinkDonor(ctx, own, undefined, op),
      ...[...others.values()].map((info) => async () => sinkDonor(ctx, info, "sink", op)),
      async () => live && rawDonor(ctx, id, live),
      async () => {
        const bytes = await source();
        return bytes && rawDonor(ctx, id, bytes);
      },
    ];
    return findByRows(rows, donors, index && totalOf(index), op);
  }
  for (const info of twins) {
    const twin = await scanIfWhole(ctx.archives, ctx.codec, info.key, op);
    if (!twin || !areRowsOf(file, twin.segments)) continue;
    return findByRows(twin.segments, [async () => sinkDonor(ctx, info, "sink", op)], totalOf(twin), op);
  }
  const elsewhere = (live && (await findByBytes(ctx, id, file, live, op))) ?? (await fromSource());
  if (elsewhere) return elsewhere;
  if (!own) return NOTHING;
  const counted = file.name === OUTPUT ? countIn(meta) : undefined;
  const totalLines = counted?.bytes === file.rawBytes ? totalOf(counted) : undefined;
  return findByMarkers(ctx, file, own, manifests, totalLines, op);

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
  const { archiveKey: key, archiveBytes } = file;
  const info = await ctx.archives.stat(key, op);
  if (!info) return { reason: `Archive "${key}" is missing.` };
  if (info.size !== archiveBytes) {
    const reason = `Archive "${key}" has ${info.size} bytes, not the ${archiveBytes} that were committed.`;
    return { reason };
  }
  try {
    if (!index) {
      const scanned = await scanArchive(ctx.archives, ctx.codec, key, op);
      if (isCommitted(file, scanned)) return { index: scanned };
      return { reason: `Archive "${key}" is not the one that was committed.` };
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
