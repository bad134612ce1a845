/** What a session's metadata says of each archived file. Pure. */

import { isName } from "../adapter/validate.js";
import { ArchiverError } from "../errors.js";
import { sessionIdOf } from "../format/keys.js";
import type { Json, Meta } from "../ports.js";
import { countAt, KEY } from "./metadata.js";
import { isArchived } from "./state.js";

/** One blob in the archive. Sizes in bytes. */
export interface ArchivedFile {
  readonly name: string;
  /** Sink key. */
  readonly archiveKey: string;
  /** The live blob that was archived last, and its size then: to be deleted if still exactly so. */
  readonly generation: string;
  readonly liveBytes: number;
  /** Raw bytes, archive bytes, CRC-32 of the raw bytes, and non-blank lines. */
  readonly rawBytes: number;
  readonly archiveBytes: number;
  readonly crc32: number;
  readonly lines: number;
  /** The generation that a restore gives the blob: set before the blob is created. */
  readonly restoring?: string;
}

/** The archived files of an archived session. `CORRUPT` if the metadata can't be understood. */
export function archivedFiles(id: string, meta: Meta): readonly ArchivedFile[] {
  if (!isArchived(meta)) return [];
  const files = meta[KEY.archiveFiles];
  if (Array.isArray(files) && files.length > 0 && files.every((file) => isArchivedFile(id, file)))
    return (files as unknown as readonly StoredFile[]).map(fromStored);
  throw new ArchiverError("CORRUPT", `The metadata of session "${id}" says it is archived, but not where.`, { id });
}

/** The same in the metadata, whose keys are those of the original system. */
interface StoredFile extends Omit<ArchivedFile, "archiveKey" | "rawBytes" | "archiveBytes"> {
  readonly path: string;
  readonly bytes: number;
  readonly storedBytes: number;
}

function fromStored({ path, bytes, storedBytes, ...file }: StoredFile): ArchivedFile {
  return { ...file, archiveKey: path, rawBytes: bytes, archiveBytes: storedBytes };
}

/** The archived files as the metadata holds them. */
export function storedFiles(files: readonly ArchivedFile[]): Json {
  const toStored = ({ name, archiveKey, generation, liveBytes, rawBytes, archiveBytes, ...rest }: ArchivedFile) => {
    return { name, path: archiveKey, generation, liveBytes, bytes: rawBytes, storedBytes: archiveBytes, ...rest };
  };
  return files.map(toStored);
}

function isArchivedFile(id: string, value: Json): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const file = value as Meta;
  const { restoring } = file as { restoring?: Json };
  const names = [file["name"], file["generation"], restoring === undefined ? "none" : restoring];
  const counts = ["liveBytes", "bytes", "storedBytes", "crc32", "lines"].map((key) => countAt(file, key));
  return names.every(isName) && isOwnKey(id, file["path"]) && !counts.includes(undefined);
}

/** Whether a sink key was made for this session: metadata can't make it read or delete another's. */
export function isOwnKey(id: string, key: unknown): key is string {
  return isName(key) && sessionIdOf(key) === id;
}

/** The sink key of the session's manifest. */
export function manifestKeyOf(id: string, meta: Meta): string | undefined {
  const key = meta[KEY.manifestKey];
  return isOwnKey(id, key) ? key : undefined;
}

/** Bytes of the committed manifest, as far as the metadata tells. */
export function manifestBytesOf(id: string, meta: Meta): number | undefined {
  const files = archivedFiles(id, meta);
  const all = countAt(meta, KEY.archiveBytes);
  return all === undefined || files.length === 0
    ? undefined
    : files.reduce((rest, file) => rest - file.archiveBytes, all);
}
