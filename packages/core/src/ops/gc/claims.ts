/** What an archive object claims to hold, by its manifest or by its own bytes. */
import { toBytes } from "../../bytes.js";
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { crc32OfAll } from "../../format/crc32.js";
import { type Followed, manifestKey, parseKey } from "../../format/keys.js";
import { type FileIndex, MAX_MANIFEST_BYTES, type ManifestFile } from "../../format/manifest.js";
import { decodeManifest } from "../../format/manifest-decode.js";
import { partsOf } from "../../format/parts.js";
import { endsAs, scanIfWhole } from "../../format/unless-damaged.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";

/** A file of the session, or the beginning of one. */
export interface Claim {
  /** `undefined` if nothing says which file it was. */
  readonly name: string | undefined;
  readonly index: FileIndex;
  /** What of the file comes before these bytes, if the index is that of a part alone. */
  readonly follows?: Followed | undefined;
}

/**
 * Empty if there is no manifest, or if it can't be read, belongs to another session, or does not agree with the object.
 */
export async function claimsByManifest(
  ctx: Context,
  id: string,
  info: ArchiveInfo,
  op: OpOptions,
): Promise<readonly Claim[]> {
  const parsed = parseKey(info.key);
  if (parsed?.id !== id || parsed.kind === "reserved") return [];
  try {
    const files = await manifestFiles(ctx, id, manifestKey(parsed.keyBase), op);
    if (parsed.kind === "manifest") return files.map((file) => ({ name: file.name, index: file }));
    for (const file of files) {
      const part = partsOf(file).find(({ key, archiveBytes }) => key === info.key && archiveBytes === info.size);
      if (part) return (await endsAs(ctx.archives, info, part, op)) ? [{ name: file.name, index: file }] : [];
    }
    return [];
  } catch (error) {
    if (hasCode(error, "CORRUPT", "NOT_FOUND")) return [];
    throw error;
  }
}

async function manifestFiles(ctx: Context, id: string, key: string, op: OpOptions): Promise<readonly ManifestFile[]> {
  const info = await ctx.archives.stat(key, op);
  if (!info || info.size > MAX_MANIFEST_BYTES) return [];
  const manifest = decodeManifest(await toBytes(ctx.archives.read(key, undefined, op)), key);
  return manifest.id === id && manifest.files.every(areRowsRight) ? manifest.files : [];
}

/** Whether the segments have the CRC of the file: a proof goes by theirs alone, and its trailer by the file's. */
function areRowsRight({ segments, crc32 }: ManifestFile): boolean {
  return crc32OfAll(segments) === crc32;
}

/**
 * Reads and checks the whole file; `undefined` if it is damaged or gone. A part is a claim about what comes after the
 * bytes that its key names.
 */
export async function claimsByItself(
  ctx: Context,
  { key }: ArchiveInfo,
  op: OpOptions,
): Promise<readonly Claim[] | undefined> {
  const index = await scanIfWhole(ctx.archives, ctx.codec, key, op);
  return index && [{ name: undefined, index, follows: parseKey(key)?.follows }];
}
