/** What a session's metadata says of each archived file. Pure. */
import { ArchiverError } from "../errors.js";
import { sessionIdOf } from "../format/keys.js";
import type { Json, Meta } from "../ports.js";
import { isName } from "../validate.js";
import { countAt, KEY } from "./metadata.js";
import { isArchived } from "./state.js";

/** One blob in the archive. Sizes in bytes. */
export interface ArchivedFile {
  readonly name: string;
  /** Sink key. */
  readonly path: string;
  /** The live blob that was archived last, and its size then: to be deleted if still exactly so. */
  readonly generation: string;
  readonly liveBytes: number;
  /** All raw bytes in the archive, stored bytes, CRC-32 and non-blank lines. */
  readonly bytes: number;
  readonly storedBytes: number;
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
    return files as unknown as ArchivedFile[];
  throw new ArchiverError("CORRUPT", `The metadata of session "${id}" says it is archived, but not where.`, { id });
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
  const key = meta[KEY.archiveManifest];
  return isOwnKey(id, key) ? key : undefined;
}

/** Stored bytes of the manifest that was committed, as far as the metadata tells. */
export function manifestBytesOf(id: string, meta: Meta): number | undefined {
  const files = archivedFiles(id, meta);
  const all = countAt(meta, KEY.storedBytes);
  return all === undefined || files.length === 0
    ? undefined
    : files.reduce((rest, file) => rest - file.storedBytes, all);
}
