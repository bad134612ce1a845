/** What lies in the sink of one session: its files, each with an index that is known to be right, and its manifests. */
import { toBytes } from "../../bytes.js";
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { crc32 } from "../../format/crc32.js";
import { parseKey } from "../../format/keys.js";
import { type FileIndex, MAX_MANIFEST_BYTES, type Manifest, type ManifestFile } from "../../format/manifest.js";
import { decodeManifest } from "../../format/manifest-decode.js";
import { endsAs, scanIfWhole } from "../../format/unless-damaged.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";
import { OUTPUT } from "../../session/metadata.js";

/** A manifest of the session that can be read. */
export interface FoundManifest {
  readonly key: string;
  readonly manifest: Manifest;
  readonly bytes: number;
  readonly crc32: number;
}

/** An archive file. */
export interface FoundFile {
  readonly key: string;
  readonly index: FileIndex;
  /** `false`: some of its bytes are damaged, and the index is what a manifest says of it. */
  readonly isWhole: boolean;
}

/** Opens the files of one session on demand, each once. */
export interface Found {
  readonly manifests: readonly FoundManifest[];
  /** `undefined` if the file is not there, or if nothing can be known of it. */
  file(key: string): Promise<FoundFile | undefined>;
  /** Whether everything that the manifest says of its files is so, as far as they are there. */
  isRight(found: FoundManifest): Promise<boolean>;
}

/**
 * `quick`: believes a manifest if each of its files has the size, CRC and length that it says. Otherwise every file is
 * read and inflated.
 */
export async function lookInto(
  ctx: Context,
  id: string,
  infos: readonly ArchiveInfo[],
  quick: boolean,
  op: OpOptions,
): Promise<Found> {
  const byKey = new Map(infos.map((info) => [info.key, info]));
  const manifests: FoundManifest[] = [];
  for (const info of infos) {
    const found = parseKey(info.key)?.kind === "manifest" ? await readManifestAt(ctx, id, info, op) : undefined;
    if (found) manifests.push(found);
  }
  manifests.sort((a, b) => a.manifest.createdAt - b.manifest.createdAt || (a.key < b.key ? -1 : 1));
  const opened = new Map<string, Promise<FoundFile | undefined>>();
  const said = (key: string): ManifestFile | undefined =>
    manifests.flatMap(({ manifest }) => manifest.files).find((file) => file.key === key);
  const open = async (key: string): Promise<FoundFile | undefined> => {
    const info = byKey.get(key);
    if (!info) return undefined;
    const file = said(key);
    if (quick && file && (await endsAs(ctx.archives, info, file, op)))
      return { key, index: indexOf(file), isWhole: true };
    const index = await scanIfWhole(ctx.archives, ctx.codec, key, op);
    if (index) return { key, index, isWhole: true };
    return file && { key, index: indexOf(file), isWhole: false };
  };
  const file = (key: string): Promise<FoundFile | undefined> => {
    const opening = opened.get(key) ?? open(key);
    opened.set(key, opening);
    return opening;
  };
  return {
    manifests,
    file,
    async isRight({ manifest }) {
      for (const said of manifest.files) {
        const found = await file(said.key);
        if (!found && said.name !== OUTPUT && !byKey.has(said.key)) continue; // a sidecar that is missing
        if (!found || JSON.stringify(indexOf(said)) !== JSON.stringify(indexOf(found.index))) return false;
      }
      return true;
    },
  };
}

/** The manifest under this key, unless it can't be read or is another session's. */
async function readManifestAt(
  ctx: Context,
  id: string,
  { key, size }: ArchiveInfo,
  op: OpOptions,
): Promise<FoundManifest | undefined> {
  if (size > MAX_MANIFEST_BYTES) return undefined;
  try {
    const bytes = await toBytes(ctx.archives.read(key, undefined, op));
    const manifest = decodeManifest(bytes, key);
    const isOurs = manifest.id === id && manifest.files.every((file) => parseKey(file.key)?.id === id);
    return isOurs ? { key, manifest, bytes: bytes.length, crc32: crc32(bytes) } : undefined;
  } catch (error) {
    if (hasCode(error, "CORRUPT", "NOT_FOUND")) return undefined;
    throw error;
  }
}

/** The index alone, in one order of fields. */
function indexOf(file: FileIndex): FileIndex {
  const { key, rawBytes, archiveBytes, crc32: crc, archiveCrc32, lines, newlines, openLine, segments } = file;
  return { key, rawBytes, archiveBytes, crc32: crc, archiveCrc32, lines, newlines, openLine, segments };
}
