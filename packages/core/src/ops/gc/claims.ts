/** What an archive object claims to hold, by its manifest or by its own bytes. */
import { toBytes } from "../../bytes.js";
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { manifestKey, parseKey } from "../../format/keys.js";
import { type FileIndex, MAX_MANIFEST_BYTES, type ManifestFile } from "../../format/manifest.js";
import { decodeManifest } from "../../format/manifest-decode.js";
import { endsAs, scanIfWhole } from "../../format/unless-damaged.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";

/** A file of the session, or the beginning of one. */
export interface Claim {
  /** `undefined` if nothing says which file it was. */
  readonly name: string | undefined;
  readonly index: FileIndex;
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
    const file = files.find(({ key, archiveBytes }) => key === info.key && archiveBytes === info.size);
    return file && (await endsAs(ctx.archives, info, file, op)) ? [{ name: file.name, index: file }] : [];
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

/** Reads and checks the whole file; `undefined` if it is damaged or gone. */
export async function claimsByItself(
  ctx: Context,
  { key }: ArchiveInfo,
  op: OpOptions,
): Promise<readonly Claim[] | undefined> {
  const index = await scanIfWhole(ctx.archives, ctx.codec, key, op);
  return index && [{ name: undefined, index }];
}
