/** Opens an archived file: its index from the manifest, or rebuilt from the file where the manifest is lost. */
import { toBytes } from "../bytes.js";
import { type Context, warn } from "../context.js";
import { ArchiverError, hasCode } from "../errors.js";
import { crc32 } from "../format/crc32.js";
import { type FileIndex, MAX_MANIFEST_BYTES, type Manifest } from "../format/manifest.js";
import { decodeManifest } from "../format/manifest-decode.js";
import { scanArchive } from "../format/scan.js";
import type { Meta, OpOptions } from "../ports.js";
import { type ArchivedFile, manifestBytesOf, manifestKeyOf } from "../session/archived-file.js";
import { countAt, KEY } from "../session/metadata.js";

/** The manifest a session's metadata names. `NOT_FOUND` or `CORRUPT` if it is not there or not what was committed. */
export async function readManifest(ctx: Context, id: string, meta: Meta, op?: OpOptions): Promise<Manifest> {
  const key = manifestKeyOf(id, meta);
  if (key === undefined) throw new ArchiverError("NOT_FOUND", `Session "${id}" has no manifest.`, { id, key });
  const corrupt = (what: string): ArchiverError =>
    new ArchiverError("CORRUPT", `Manifest "${key}" ${what}.`, { id, key });
  const committed = manifestBytesOf(id, meta);
  const most = Math.max(0, Math.min(committed ?? MAX_MANIFEST_BYTES, MAX_MANIFEST_BYTES));
  // One byte more shows that there is more: no need to ask for its size first.
  const bytes = await toBytes(ctx.archives.read(key, { start: 0, end: most + 1 }, op));
  if (bytes.length > MAX_MANIFEST_BYTES) throw corrupt(`is more than ${MAX_MANIFEST_BYTES} bytes, too many to be one`);
  if (committed !== undefined && bytes.length !== committed) {
    throw corrupt(`is not of the ${committed} bytes that were committed`);
  }
  const crc = countAt(meta, KEY.manifestCrc32);
  // Line numbers and times in it can't be held against the archive without reading all of that.
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
    index.lines === file.lines
  );
}

/** The file's index by the manifest that the metadata names. */
export async function indexFromManifest(
  ctx: Context,
  id: string,
  meta: Meta,
  file: ArchivedFile,
  op?: OpOptions,
): Promise<FileIndex> {
  return indexIn(await readManifest(ctx, id, meta, op), id, file);
}

/** The file's index, from wherever it can be had; `CORRUPT` if the archive itself is not what was committed. */
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
    // A file that is gone reports NOT_FOUND here, and no warning misleads. One of another size is not even looked at.
    const info = await ctx.archives.stat(file.archiveKey, op);
    const isLike = info === undefined || info.size === file.archiveBytes;
    const index = isLike ? await scanArchive(ctx.archives, ctx.codec, file.archiveKey, op) : undefined;
    warn(ctx, id, error);
    if (index && agrees(index, file)) return index;
    const message = `Archive "${file.archiveKey}" is not the one that was committed for session "${id}".`;
    throw new ArchiverError("CORRUPT", message, { id, key: file.archiveKey, cause: error });
  }
}
