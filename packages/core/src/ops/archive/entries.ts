/** What a new archive's manifest and metadata say of its files. Pure. */
import type { FileIndex, Manifest, ManifestFile } from "../../format/manifest.js";
import { liftOrigin } from "../../format/origin.js";
import { type ArchivedFile, committedContent } from "../../session/archived-file.js";
import type { FileState } from "../../session/file-state.js";
import { KEY, withKeys } from "../../session/metadata.js";
import type { FileSource } from "./write-file.js";

/** One file: as the metadata will have it, and its index for the manifest. */
export interface Entry {
  readonly file: ArchivedFile;
  readonly index: FileIndex;
}

/** A manifest in the sink. */
export interface StoredManifest {
  readonly key: string;
  readonly bytes: number;
  readonly crc32: number;
}

/** What was put into the sink, and read back. */
export interface Written {
  readonly entries: readonly Entry[];
  readonly manifest: StoredManifest;
}

/** An archive that is being written. */
export interface Writing {
  readonly keyBase: string;
  /** What to archive of a file that has changed. */
  source(state: FileState): FileSource;
  manifest(entries: readonly Entry[]): Manifest;
  /** Gets each sink key before an object is put there, which is deleted again if anything fails. */
  onKey(key: string): void;
  /** Gets the number of raw bytes in each new segment. */
  onRaw(bytes: number): void;
}

/** A file that was put into the sink. */
export function newEntry({ state, body }: FileSource, index: FileIndex): Entry {
  const isMended = body !== undefined || !("blob" in state);
  return { file: isMended ? mendedFile(state, index) : archivedFile(state, index), index };
}

/** `at`: when the session was archived, unix ms. */
export function manifestOf(
  session: Pick<Manifest, "id" | "meta" | "store" | "createdAt"> & { readonly at: number },
  entries: readonly Entry[],
): Manifest {
  const { source, facts, rest, member } = liftOrigin(session.meta);
  const { id, createdAt, at, store } = session;
  const files = entries.map(({ file: { name, generation, liveBytes }, index }): ManifestFile => {
    return { name, generation, liveBytes, ...member(name), ...index };
  });
  // A new catalogue takes nothing as given up, and the files are those of this manifest. These may be more than all the rest.
  const meta = withKeys(rest, { [KEY.givenUp]: null, [KEY.condemned]: null, [KEY.archiveFiles]: null });
  return { format: 2, id, createdAt, archivedAt: at, store, source, facts, meta, files };
}

function archivedFile(state: FileState, index: FileIndex): ArchivedFile {
  const blob = "blob" in state ? state.blob : undefined;
  return {
    name: state.name,
    generation: blob?.generation ?? "",
    liveBytes: blob?.size ?? 0,
    ...committedContent(index),
  };
}

/** Keeps the record of the live blob that the file was made from, and of the bytes that it has to hold. */
function mendedFile(state: FileState, index: FileIndex): ArchivedFile {
  const { parts: _, ...file } = (state as Extract<FileState, { kind: "archived" }>).file;
  const { archiveKey, archiveBytes, lines, parts } = committedContent(index);
  return { ...file, archiveKey, archiveBytes, lines, ...(parts && { parts }) };
}
