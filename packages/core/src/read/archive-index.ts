/** Opens an archived file: takes its index from the manifest, or rebuilds it from the file if the manifest is lost. */
import { toBytes } from "../bytes.js";
import { type Context, warn } from "../context.js";
import { ArchiverError, hasCode } from "../errors.js";
import { crc32 } from "../format/crc32.js";
import { joined } from "../format/joined.js";
import { type FileIndex, MAX_MANIFEST_BYTES, type Manifest } from "../format/manifest.js";
import { decodeManifest } from "../format/manifest-decode.js";
import { type PlacedPart, partsOf } from "../format/parts.js";
import { scanArchive } from "../format/scan.js";
import type { Meta, OpOptions } from "../ports.js";
import { type ArchivedFile, manifestBytesOf, manifestKeyOf, partsOfFile } from "../session/archived-file.js";
import { countAt, KEY } from "../session/metadata.js";

/** The manifest that a session's metadata names. `NOT_FOUND` or `CORRUPT` if it is missing or not the committed one. */
export async function readManifest(ctx: Context, id: string, meta: Meta, op?: OpOptions): Promise<Manifest> {
  const key = manifestKeyOf(id, meta);
  if (key === undefined) throw new ArchiverError("NOT_FOUND", `Session "${id}" has no manifest.`, { id, key });
  const corrupt = (what: string): ArchiverError =>
    new ArchiverError("CORRUPT", `Manifest "${key}" ${what}.`, { id, key });
  const committed = manifestBytesOf(id, meta);
  const most = Math.max(0, Math.min(committed ?? MAX_MANIFEST_BYTES, MAX_MANIFEST_BYTES));
  // One byte more shows that there is more, which saves asking for the size first.
  const bytes = await toBytes(ctx.archives.read(key, { start: 0, end: most + 1 }, op));
  if (bytes.length > MAX_MANIFEST_BYTES)
    throw corrupt(`is larger than ${MAX_MANIFEST_BYTES} bytes, too large for a manifest`);
  if (committed !== undefined && bytes.length !== committed) {
    throw corrupt(`does not have the ${committed} bytes that were committed`);
  }
  const crc = countAt(meta, KEY.manifestCrc32);
  // Its line numbers and times can't be checked against the archive without reading all of it.
  if (crc !== undefined && crc32(bytes) !== crc) throw corrupt("is not the one that was committed");
  const manifest = decodeManifest(bytes, key);
  if (manifest.id === id) return manifest;
  throw corrupt(`is of session "${manifest.id}", not "${id}"`);
}

/** The file's index in the manifest. `CORRUPT` if it contradicts what was committed. */
export function indexIn(manifest: Manifest, id: string, file: ArchivedFile): FileIndex {
  const index = manifest.files.find((candidate) => candidate.name === file.name);
  if (index && agrees(index, file)) return index;
  const message = `The manifest of session "${id}" does not agree with its metadata about "${file.archiveKey}".`;
  throw new ArchiverError("CORRUPT", message, { id, key: file.archiveKey });
}

function agrees(index: FileIndex, file: ArchivedFile): boolean {
  return (
    index.key === file.archiveKey &&
    index.rawBytes === file.rawBytes &&
    index.archiveBytes === file.archiveBytes &&
    index.crc32 === file.crc32 &&
    index.lines === file.lines &&
    areSameParts(partsOf(index), partsOfFile(file))
  );
}

function areSameParts(parts: readonly PlacedPart[], committed: readonly PlacedPart[]): boolean {
  const isSame = (one: PlacedPart, other: PlacedPart | undefined): boolean =>
    one.key === other?.key &&
    one.rawBytes === other.rawBytes &&
    one.archiveBytes === other.archiveBytes &&
    one.crc32 === other.crc32;
  return parts.length === committed.length && parts.every((part, i) => isSame(part, committed[i]));
}

/** The file's index from the manifest that the metadata names. */
export async function indexFromManifest(
  ctx: Context,
  id: string,
  meta: Meta,
  file: ArchivedFile,
  op?: OpOptions,
): Promise<FileIndex> {
  return indexIn(await readManifest(ctx, id, meta, op), id, file);
}

/**
 * The file's index, from the manifest or from the file itself. `CORRUPT` if the archive itself is not what was
 * committed.
 */
export async function openArchive(
  ctx: Context,
  id: string,
  meta: Meta,
  file: ArchivedFile,
  op?: OpOptions,
): Promise<FileIndex> {
  try {
    return await indexFromManifest(ctx, id, meta, file, op);
  } catch (error) {
    if (!hasCode(error, "CORRUPT", "NOT_FOUND")) throw error;
    const index = await scanFile(ctx, file, op);
    warn(ctx, id, error);
    if (index && agrees(index, file)) return index;
    const message = `Archive "${file.archiveKey}" is not the one that was committed for session "${id}".`;
    throw new ArchiverError("CORRUPT", message, { id, key: file.archiveKey, cause: error });
  }
}

/** The index by the bytes of all parts; `undefined` if one has another size than was committed. */
export async function scanFile(
  ctx: Context,
  file: ArchivedFile,
  op: OpOptions | undefined,
): Promise<FileIndex | undefined> {
  let index: FileIndex | undefined;
  for (const { key, archiveBytes } of partsOfFile(file)) {
    // If the part is gone, the scan is NOT_FOUND, without a misleading warning. One of another size is not scanned.
    const info = await ctx.archives.stat(key, op);
    if (info !== undefined && info.size !== archiveBytes) return undefined;
    const part = await scanArchive(ctx.archives, ctx.codec, key, op, index);
    index = index ? joined(index, partsOf(index).length, part) : part;
  }
  return index;
}
