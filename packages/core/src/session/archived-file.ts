/** The metadata's record of each archived file. Pure. */

import { isName } from "../adapter/validate.js";
import { ArchiverError } from "../errors.js";
import { sessionIdOf } from "../format/keys.js";
import type { FileIndex, Part } from "../format/manifest.js";
import { lastKey, MAX_PARTS, type PlacedPart, partsOf } from "../format/parts.js";
import type { Json, Meta } from "../ports.js";
import { countAt, KEY, recordIn } from "./metadata.js";
import { isArchived } from "./state.js";

/** One file in the archive. Sizes in bytes. */
export interface ArchivedFile {
  readonly name: string;
  /** Sink key; that of the first part if there are several. */
  readonly archiveKey: string;
  /**
   * Generation and size of the live blob that was archived last: the blob is deleted only if it is still exactly this.
   */
  readonly generation: string;
  readonly liveBytes: number;
  /** Raw bytes, archive bytes, CRC-32 of the raw bytes, and non-blank lines. */
  readonly rawBytes: number;
  readonly archiveBytes: number;
  readonly crc32: number;
  readonly lines: number;
  /** The generation that a restore gives the blob; noted before the blob is created. */
  readonly restoring?: string;
  /** The archive files that it lies in, if there are several. */
  readonly parts?: readonly ArchivedPart[] | undefined;
}

/** The sink key of the archive file that the file ends with. No two states of a file share it. */
export function lastKeyOf({ archiveKey, parts }: Pick<ArchivedFile, "archiveKey" | "parts">): string {
  return lastKey({ key: archiveKey, parts });
}

/** One archive file of several. */
export type ArchivedPart = Omit<Part, "archiveCrc32">;

/** The archive files that an archived file lies in, in order: usually one. */
export function partsOfFile(
  file: Omit<ArchivedFile, "name" | "generation" | "liveBytes" | "lines">,
): readonly PlacedPart[] {
  return partsOf({ ...file, key: file.archiveKey });
}

/** What the metadata says of the content of an archived file. */
export function committedContent(
  index: FileIndex,
): Pick<ArchivedFile, "archiveKey" | "rawBytes" | "archiveBytes" | "crc32" | "lines" | "parts"> {
  const { key: archiveKey, rawBytes, archiveBytes, crc32, lines, parts } = index;
  const content = { archiveKey, rawBytes, archiveBytes, crc32, lines };
  return parts ? { ...content, parts: parts.map(({ archiveCrc32: _, ...part }) => part) } : content;
}

/** The archived files; none if the session is not archived. `CORRUPT` if the metadata can't be understood. */
export function archivedFiles(id: string, meta: Meta): readonly ArchivedFile[] {
  if (!isArchived(meta)) return [];
  const files = meta[KEY.archiveFiles];
  if (Array.isArray(files) && files.length > 0 && files.every((file) => isArchivedFile(id, file)))
    return (files as unknown as readonly StoredFile[]).map(fromStored);
  throw new ArchiverError("CORRUPT", `The metadata of session "${id}" says it is archived, but not where.`, { id });
}

/** The form in the metadata, with the keys of the original system. */
interface StoredFile extends Omit<ArchivedFile, "archiveKey" | "rawBytes" | "archiveBytes" | "parts"> {
  readonly path: string;
  readonly bytes: number;
  readonly storedBytes: number;
  readonly parts?: Json;
}

function fromStored({ path, bytes, storedBytes, parts, ...file }: StoredFile): ArchivedFile {
  const all = partsIn(parts);
  return { ...file, archiveKey: path, rawBytes: bytes, archiveBytes: storedBytes, ...(all && { parts: all }) };
}

/** In the metadata's form, a part is `{ path, bytes, storedBytes, crc32 }`. `undefined` if that can't be understood. */
export function partsIn(value: Json | undefined): readonly ArchivedPart[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_PARTS) return undefined;
  const parts = value.map((part): ArchivedPart | undefined => {
    const { path, ...rest } = recordIn(part) ?? {};
    const [rawBytes, archiveBytes, crc32] = ["bytes", "storedBytes", "crc32"].map((key) => countAt(rest, key));
    if (!isName(path) || rawBytes === undefined || archiveBytes === undefined || crc32 === undefined) return undefined;
    return { key: path, rawBytes, archiveBytes, crc32 };
  });
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

export function storedParts(parts: readonly ArchivedPart[]): Json {
  return parts.map(({ key, rawBytes, archiveBytes, crc32 }) => {
    return { path: key, bytes: rawBytes, storedBytes: archiveBytes, crc32 };
  });
}

/** The archived files in the metadata's form. */
export function storedFiles(files: readonly ArchivedFile[]): Json {
  const toStored = ({ name, archiveKey, generation, liveBytes, rawBytes, archiveBytes, ...rest }: ArchivedFile) => {
    const { parts, ...more } = rest;
    const sizes = { bytes: rawBytes, storedBytes: archiveBytes };
    return {
      name,
      path: archiveKey,
      generation,
      liveBytes,
      ...sizes,
      ...more,
      ...(parts ? { parts: storedParts(parts) } : {}),
    };
  };
  return files.map(toStored);
}

function isArchivedFile(id: string, value: Json): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const file = value as Meta;
  const { restoring } = file as { restoring?: Json };
  const names = [file["name"], file["generation"], restoring === undefined ? "none" : restoring];
  const counts = ["liveBytes", "bytes", "storedBytes", "crc32", "lines"].map((key) => countAt(file, key));
  const isShaped = names.every(isName) && isOwnKey(id, file["path"]) && !counts.includes(undefined);
  return isShaped && (file["parts"] === undefined || areOwnParts(id, file));
}

/** Whether these are parts of the session's own that add up to the file. */
export function areOwnParts(id: string, file: Meta): boolean {
  const parts = partsIn(file["parts"]);
  if (!parts?.every(({ key }) => isOwnKey(id, key)) || parts[0]?.key !== file["path"]) return false;
  const sum = (of: (part: ArchivedPart) => number): number => parts.reduce((all, part) => all + of(part), 0);
  return sum((part) => part.rawBytes) === file["bytes"] && sum((part) => part.archiveBytes) === file["storedBytes"];
}

/** Whether a sink key was made for this session, so that metadata can't make it read or delete another session's. */
export function isOwnKey(id: string, key: unknown): key is string {
  return isName(key) && sessionIdOf(key) === id;
}

/** The sink key of the session's manifest, if it is the session's own. */
export function manifestKeyOf(id: string, meta: Meta): string | undefined {
  const key = meta[KEY.manifestKey];
  return isOwnKey(id, key) ? key : undefined;
}

/** Size of the committed manifest in bytes, if the metadata gives it. */
export function manifestBytesOf(id: string, meta: Meta): number | undefined {
  const files = archivedFiles(id, meta);
  const all = countAt(meta, KEY.archiveBytes);
  return all === undefined || files.length === 0
    ? undefined
    : files.reduce((rest, file) => rest - file.archiveBytes, all);
}
