/** Opens an archived file: its index from the manifest, or rebuilt from the file where the manifest is lost. */
import { collect } from "../bytes.js";
import { type Context, warn } from "../context.js";
import { ArchiverError, hasCode } from "../errors.js";
import { decodeManifest, type FileIndex, MAX_MANIFEST_BYTES, type Manifest } from "../format/manifest.js";
import { scanArchive } from "../format/scan.js";
import { KEY, stringAt } from "../metadata.js";
import type { Meta, OpOptions } from "../ports.js";
import type { ArchivedFile } from "../session.js";

/** The manifest a session's metadata names. `NOT_FOUND` or `CORRUPT` if it is not there or not what it should be. */
export async function readManifest(ctx: Context, id: string, meta: Meta, op?: OpOptions): Promise<Manifest> {
  const key = stringAt(meta, KEY.archiveManifest);
  const info = key === undefined ? undefined : await ctx.archives.stat(key, op);
  if (key === undefined || !info) throw new ArchiverError("NOT_FOUND", `Session "${id}" has no manifest.`, { id, key });
  if (info.size > MAX_MANIFEST_BYTES) {
    throw new ArchiverError("CORRUPT", `Manifest "${key}" is ${info.size} bytes, too many to be one.`, { id, key });
  }
  const manifest = decodeManifest(await collect(ctx.archives.read(key, undefined, op)), key);
  if (manifest.id === id) return manifest;
  throw new ArchiverError("CORRUPT", `Manifest "${key}" is of session "${manifest.id}", not "${id}".`, { id, key });
}

/** The file's index in the manifest. `CORRUPT` if it contradicts what was committed. */
export function indexIn(manifest: Manifest, id: string, file: ArchivedFile): FileIndex {
  const index = manifest.files.find((candidate) => candidate.name === file.name);
  if (index && agrees(index, file)) return index;
  const message = `The manifest of session "${id}" does not agree with its metadata about "${file.path}".`;
  throw new ArchiverError("CORRUPT", message, { id, key: file.path });
}

function agrees(index: FileIndex, file: ArchivedFile): boolean {
  return (
    index.key === file.path &&
    index.rawBytes === file.bytes &&
    index.storedBytes === file.storedBytes &&
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
    // A file that is gone reports NOT_FOUND here, and no warning misleads.
    const index = await scanArchive(ctx.archives, ctx.codec, file.path, op);
    warn(ctx, id, error);
    if (agrees(index, file)) return index;
    const message = `Archive "${file.path}" is not the one that was committed for session "${id}".`;
    throw new ArchiverError("CORRUPT", message, { id, key: file.path, cause: error });
  }
}
