/** What lies in the sink of one session: its files, each with an index that is known to be right, and its manifests. */
import { toBytes } from "../../bytes.js";
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { crc32 } from "../../format/crc32.js";
import { exactBytes } from "../../format/exact-bytes.js";
import { parseKey } from "../../format/keys.js";
import { type FileIndex, MAX_MANIFEST_BYTES, type Manifest } from "../../format/manifest.js";
import { decodeManifest } from "../../format/manifest-decode.js";
import { beginningOf, lastKey, partsOf } from "../../format/parts.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";
import { OUTPUT } from "../../session/metadata.js";
import { type FoundFile, indexOf, openFound } from "./open-found.js";

/** A manifest of the session that can be read. */
export interface FoundManifest {
  readonly key: string;
  readonly manifest: Manifest;
  readonly bytes: number;
  readonly crc32: number;
}

/** Opens the files of one session on demand, each once. */
export interface Found {
  readonly manifests: readonly FoundManifest[];
  /** The file that ends with this archive file; `undefined` if that is not there, or if nothing can be known of it. */
  upTo(key: string): Promise<FoundFile | undefined>;
  /** The same; `undefined` also if it is only the beginning of a longer one that is whole. */
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
  const said = manifests.flatMap(({ manifest }) => manifest.files);
  const upTo = openingOnce((key, open) => openFound({ ctx, byKey, said, quick, op }, key, open));
  return {
    manifests,
    upTo,
    async file(key) {
      for (const longer of said) {
        const isBeginning = lastKey(longer) !== key && partsOf(longer).some((part) => part.key === key);
        if (isBeginning && (await upTo(lastKey(longer)))?.isWhole) return undefined;
      }
      return upTo(key);
    },
    async isRight({ manifest }) {
      for (const entry of manifest.files) {
        const found = await upTo(lastKey(entry));
        if (!found && entry.name !== OUTPUT && !byKey.has(lastKey(entry))) continue; // a sidecar that is missing
        if (!found || JSON.stringify(indexOf(entry)) !== JSON.stringify(indexOf(found.index))) return false;
      }
      return true;
    },
  };
}

type Opening = (key: string) => Promise<FoundFile | undefined>;

function openingOnce(open: (key: string, again: Opening) => Promise<FoundFile | undefined>): Opening {
  const opened = new Map<string, Promise<FoundFile | undefined>>();
  const once: Opening = (key) => {
    const opening = opened.get(key) ?? open(key, once);
    opened.set(key, opening);
    return opening;
  };
  return once;
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
    const bytes = await toBytes(exactBytes(ctx.archives.read(key, undefined, op), size, { key }));
    const manifest = decodeManifest(bytes, key);
    const isOurs = manifest.id === id && manifest.files.every((file) => areOwnParts(id, file));
    return isOurs ? { key, manifest, bytes: bytes.length, crc32: crc32(bytes) } : undefined;
  } catch (error) {
    if (hasCode(error, "CORRUPT", "NOT_FOUND")) return undefined;
    throw error;
  }
}

/**
 * Whether the keys are the session's own, and say of each part what it continues. The first one may continue what was lost
 * when a catalogue was made anew.
 */
function areOwnParts(id: string, file: FileIndex): boolean {
  return partsOf(file).every(({ key, rawOffset }, i, parts) => {
    const parsed = parseKey(key);
    if (i === 0) return parsed?.id === id;
    const { rawBytes = 0, crc32: crc = 0 } = parsed?.follows ?? {};
    return parsed?.id === id && rawBytes === rawOffset && crc === beginningOf(parts.slice(0, i)).crc32;
  });
}
