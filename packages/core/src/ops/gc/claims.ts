/** What an archive object says that it holds: by its manifest, or by itself. */
import { toBytes } from "../../bytes.js";
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { checkTrailer, TRAILER_BYTES } from "../../format/gzip/frame.js";
import { manifestKey, parseKey } from "../../format/keys.js";
import { type FileIndex, MAX_MANIFEST_BYTES, type ManifestFile } from "../../format/manifest.js";
import { decodeManifest } from "../../format/manifest-decode.js";
import { scanArchive } from "../../format/scan.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";

/** A file of the session, or the beginning of one. */
export interface Claim {
  /** `undefined` where nothing says which it was. */
  readonly name: string | undefined;
  readonly index: FileIndex;
}

/** None where there is no manifest, or one that can't be read, is another session's, or does not agree with the object. */
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
    const file = files.find(({ key, archiveBytes }) => key === info.key && archiveBytes === info.size);
    if (!file) return [];
    const end = await toBytes(ctx.archives.read(info.key, { start: info.size - TRAILER_BYTES, end: info.size }, op));
    checkTrailer(end, file.crc32, file.rawBytes, info.key);
    return [{ name: file.name, index: file }];
  } catch (error) {
    if (hasCode(error, "CORRUPT", "NOT_FOUND")) return [];
    throw error;
  }
}

async function manifestFiles(ctx: Context, id: string, key: string, op: OpOptions): Promise<readonly ManifestFile[]> {
  const info = await ctx.archives.stat(key, op);
  if (!info || info.size > MAX_MANIFEST_BYTES) return [];
  const manifest = decodeManifest(await toBytes(ctx.archives.read(key, undefined, op)), key);
  return manifest.id === id ? manifest.files : [];
}

/** Reads and checks the whole file; `undefined` if it is damaged, or gone. */
export async function claimsByItself(
  ctx: Context,
  { key }: ArchiveInfo,
  op: OpOptions,
): Promise<readonly Claim[] | undefined> {
  try {
    return [{ name: undefined, index: await scanArchive(ctx.archives, ctx.codec, key, op) }];
  } catch (error) {
    if (hasCode(error, "CORRUPT", "NOT_FOUND")) return undefined;
    throw error;
  }
}
