/** Opens one archive file that was found, with those that it continues. */
import type { Context } from "../../context.js";
import { joined } from "../../format/joined.js";
import { type Followed, parseKey } from "../../format/keys.js";
import type { FileIndex } from "../../format/manifest.js";
import { lastKey, partsOf } from "../../format/parts.js";
import { endsAs, scanIfWhole } from "../../format/unless-damaged.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";

/** A file of the session: an archive file, or one with those that it continues. */
export interface FoundFile {
  /** The key of the archive file that it ends with. */
  readonly key: string;
  readonly index: FileIndex;
  /**
   * `false`: some of its bytes are damaged, and the index is what a manifest says of it; or what it continues is not there,
   * and the index is that of the part alone.
   */
  readonly isWhole: boolean;
}

interface Place {
  readonly ctx: Context;
  /** The session's objects in the sink. */
  readonly byKey: ReadonlyMap<string, ArchiveInfo>;
  /** What manifests say of files. */
  readonly said: readonly FileIndex[];
  readonly quick: boolean;
  readonly op: OpOptions;
}

/** `open` opens what is continued: it begins earlier in the file, so that this comes to an end. */
export async function openFound(
  place: Place,
  key: string,
  open: (key: string) => Promise<FoundFile | undefined>,
): Promise<FoundFile | undefined> {
  const { ctx, byKey, said, quick, op } = place;
  if (!byKey.has(key)) return undefined;
  const told = said.find((file) => lastKey(file) === key);
  // What a first part continues was lost when the manifest was made, and may be back.
  const isFromStart = told && !parseKey(told.key)?.follows;
  if (quick && isFromStart && (await endsRight(place, told))) return { key, index: indexOf(told), isWhole: true };
  const { follows } = parseKey(key) ?? {};
  const before = follows && (await continuedBy(place, key, follows, open));
  const index = await scanIfWhole(ctx.archives, ctx.codec, key, op, before?.index);
  if (index && before) return { key, index: joined(before.index, partsOf(before.index).length, index), isWhole: true };
  if (index && !follows) return { key, index, isWhole: true };
  const known = told ? indexOf(told) : index;
  return known && { key, index: known, isWhole: false };
}

async function endsRight({ ctx, byKey, op }: Place, told: FileIndex): Promise<boolean> {
  for (const part of partsOf(told)) {
    const info = byKey.get(part.key);
    if (!info || !(await endsAs(ctx.archives, info, part, op))) return false;
  }
  return true;
}

/**
 * The file that a part continues, by what its key says of it. Of several with the same bytes, such as sidecars that begin
 * alike, the one that a manifest names.
 */
async function continuedBy(
  { byKey, said }: Place,
  key: string,
  { rawBytes, crc32 }: Followed,
  open: (key: string) => Promise<FoundFile | undefined>,
): Promise<FoundFile | undefined> {
  const kind = parseKey(key)?.kind;
  const named = said.flatMap((file) => {
    const parts = partsOf(file);
    return parts.filter((_, i) => parts[i + 1]?.key === key);
  });
  for (const other of [...named.map((part) => part.key), ...byKey.keys()]) {
    const parsed = parseKey(other);
    if (parsed?.kind !== kind || (parsed?.follows?.rawBytes ?? -1) >= rawBytes) continue;
    const file = await open(other);
    if (file?.isWhole && file.index.rawBytes === rawBytes && file.index.crc32 === crc32) return file;
  }
  return undefined;
}

/** The index alone, in one order of fields. */
export function indexOf(file: FileIndex): FileIndex {
  const { key, rawBytes, archiveBytes, crc32, archiveCrc32, lines, newlines, openLine, segments, parts } = file;
  const index = { key, rawBytes, archiveBytes, crc32, archiveCrc32, lines, newlines, openLine, segments };
  return parts ? { ...index, parts } : index;
}
