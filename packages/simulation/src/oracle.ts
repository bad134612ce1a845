/**
 * What a session's files hold in a stored state, by the table in `docs/crash-safety.md`. It is written from that page, and shares
 * no code with core, so that it can find errors in core.
 */

import type { Meta, Policy } from "@session-archiver/core";
import { KEY, RESTORED_PREFIX } from "@session-archiver/core/adapter";
import type { Disk, StoredArchive } from "@session-archiver/test-kit/simulated-disk";

interface FileRecord {
  readonly name: string;
  readonly path: string;
  readonly generation: string;
  readonly liveBytes: number;
  readonly bytes: number;
  readonly crc32: number;
  readonly restoring?: string;
  readonly parts?: readonly { readonly path: string }[];
}

/** The archive files that hold the file, in order. */
export function pathsOf({ path, parts }: Pick<FileRecord, "path" | "parts">): readonly string[] {
  return parts?.map((part) => part.path) ?? [path];
}

const HEADER_BYTES = 10;
const TRAILER_BYTES = 10;
const BLOCK_HEADER_BYTES = 5;
const NONE = "";

export function filesOf(meta: Meta): readonly FileRecord[] {
  const isArchived = Number(meta[KEY.archivedAt] ?? 0) > 0;
  return isArchived ? (meta[KEY.archiveFiles] as unknown as FileRecord[]) : [];
}

/** The bytes of one file as text; throws if the state names archives that are not there. */
export function contentOf(disk: Disk, id: string, name: string): string {
  const meta = disk.objects.get(id)?.meta ?? {};
  const blob = disk.blobs.get(id)?.get(name);
  const live = blob ? textOf(blob.bytes) : NONE;
  if (!(Number(meta[KEY.archivedAt] ?? 0) > 0)) return live;
  const file = filesOf(meta).find((candidate) => candidate.name === name);
  const archived = file ? archivedTexts(disk.archives, file) : NONE;
  if (!blob) return archived;
  const { generation, size } = blob.ref;
  if (file && generation === file.restoring) return live;
  if (file && generation === file.generation) {
    return archived + (size > file.liveBytes ? textOf(blob.bytes.subarray(file.liveBytes)) : NONE);
  }
  const follows = /^follows-(\d+-\d+)-/.exec(generation)?.[1];
  const isLate = follows !== undefined && follows !== `${file?.bytes}-${file?.crc32}`;
  return isLate || generation.startsWith(RESTORED_PREFIX) ? archived : archived + live;
}

/** The text of all archive files of a file. */
export function archivedTexts(
  archives: ReadonlyMap<string, StoredArchive>,
  file: Pick<FileRecord, "path" | "parts">,
): string {
  return pathsOf(file)
    .map((path) => archivedText(archives, path))
    .join(NONE);
}

/** The text of an archive of stored blocks. */
export function archivedText(archives: ReadonlyMap<string, StoredArchive>, key: string): string {
  const archive = archives.get(key);
  if (!archive) throw new Error(`The archive "${key}" is named, but gone.`);
  const { bytes } = archive;
  let text = NONE;
  for (let at = HEADER_BYTES + manifestBytes(key); at < bytes.length - TRAILER_BYTES; ) {
    const length = (bytes[at + 1] ?? 0) | ((bytes[at + 2] ?? 0) << 8);
    at += BLOCK_HEADER_BYTES;
    text += textOf(bytes.subarray(at, at + length));
    at += length;
  }
  return text;
}

/** What an inline manifest adds to the header. */
function manifestBytes(key: string): number {
  return Number(/\.manifest-(\d+)\.jsonl\.gz$/.exec(key)?.[1] ?? 0);
}

/** In every other schedule all manifests lie beside their archives, and in some no part is small. */
export function archivePolicy({
  seed,
  smallParts,
}: {
  readonly seed: number;
  readonly smallParts: boolean;
}): Partial<Policy> {
  return { inlineManifestBytes: seed % 2 === 0 ? 0 : 1024, ...(smallParts && { smallPartBytes: 0 }) };
}

/** The sink keys of the objects that the object needs: an inline manifest is in that of its archive. */
export function namedKeys(meta: Meta): string[] {
  const manifest = meta[KEY.manifestKey];
  const kept = meta[KEY.keptArchives];
  const all = [
    ...filesOf(meta).flatMap(pathsOf),
    ...(typeof manifest === "string" ? [manifest] : []),
    ...(Array.isArray(kept) ? kept.map(String) : []),
  ];
  return [...new Set(all.map((key) => key.replace(/(\.manifest-\d+)\.json$/, "$1.jsonl.gz")))].sort();
}

/** The simulation writes only ASCII. */
function textOf(bytes: Uint8Array): string {
  return bytes.length > 0 ? String.fromCharCode(...bytes) : NONE;
}
