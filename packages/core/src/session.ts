/**
 * What a session's metadata and blobs say together. Pure; `transitions.ts` has the changes.
 *
 * The object's compare-and-swap is the only commit. Between commits, blobs may come and go; each blob's generation tells
 * what it is, so that every state a crash can leave behind has one meaning and reads the same bytes.
 */

import { isName } from "./adapter/validate.js";
import { ArchiverError } from "./errors.js";
import { sessionIdOf } from "./format/keys.js";
import { countAt, KEY, OUTPUT, positiveAt, stringAt, stringsAt } from "./metadata.js";
import type { BlobRef, Json, Meta } from "./ports.js";
import { replacingIn, versionKeys } from "./versions.js";

/** live: all in blobs. archived: all in the archive. resumed: archive, then live output. pruned: a tombstone. */
export type SessionState = "live" | "archived" | "resumed" | "pruned";

/**
 * Starts every generation made by a restore, and by an import that replaces the output. A blob so named that its session's
 * metadata does not name was left by one that lost its race: a copy of archived bytes, or of a source, never new output.
 * Hosts must not use the prefix.
 */
export const RESTORED_PREFIX = "restored-";

/**
 * A generation for new output that goes on from just this archive. If it turns out to have been made after another archive was
 * committed, it came too late: somebody else has gone on from there, and archived that.
 */
export function followingGeneration({ bytes, crc32 }: ArchivedFile, randomId: string): string {
  return `follows-${bytes}-${crc32}-${randomId}`;
}

function isLate(generation: string, file: ArchivedFile | undefined): boolean {
  const [, bytes, crc] = /^follows-(\d+)-(\d+)-/.exec(generation) ?? [];
  return bytes !== undefined && !(Number(bytes) === file?.bytes && Number(crc) === file.crc32);
}

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

/** What a blob is to its session, and with it where the file's bytes are. */
export type Part =
  /** Not archived: the blob is the file. */
  | { readonly kind: "live"; readonly name: string; readonly blob: BlobRef }
  /** The archive is the file; there is no blob. */
  | { readonly kind: "archived"; readonly name: string; readonly file: ArchivedFile }
  /** The archive is the file; the blob it was made from is still to be deleted. */
  | { readonly kind: "leftover"; readonly name: string; readonly file: ArchivedFile; readonly blob: BlobRef }
  /** The archive, if any, is the file; the blob is what an import is about to put in its place, and counts for nothing yet. */
  | {
      readonly kind: "candidate";
      readonly name: string;
      readonly file: ArchivedFile | undefined;
      readonly blob: BlobRef;
    }
  /** The archive is the file; the blob is an outdated copy. */
  | { readonly kind: "stray"; readonly name: string; readonly file: ArchivedFile | undefined; readonly blob: BlobRef }
  /** The blob is the whole file, brought back by a restore that has yet to commit. */
  | { readonly kind: "restored"; readonly name: string; readonly file: ArchivedFile; readonly blob: BlobRef }
  /** The file is the archive (if any), then the blob from `from` on. */
  | {
      readonly kind: "tail";
      readonly name: string;
      readonly file: ArchivedFile | undefined;
      readonly blob: BlobRef;
      readonly from: number;
    };

export function isArchived(meta: Meta): boolean {
  return positiveAt(meta, KEY.archivedAt) !== undefined;
}

export function isPruned(meta: Meta): boolean {
  return positiveAt(meta, KEY.prunedAt) !== undefined;
}

/** Pruned, and its bytes given up. */
export function isPurged(meta: Meta): boolean {
  return isPruned(meta) && !isArchived(meta);
}

/** The state by the metadata alone: what lists and sweeps go by. */
export function stateOf(meta: Meta): SessionState {
  if (isPruned(meta)) return "pruned";
  if (!isArchived(meta)) return "live";
  return positiveAt(meta, KEY.resumedAt) === undefined ? "archived" : "resumed";
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

/** Each file of the session: where its bytes are. */
export function partsOf(id: string, meta: Meta, blobs: readonly BlobRef[]): readonly Part[] {
  const files = new Map(archivedFiles(id, meta).map((file) => [file.name, file]));
  const live = new Map(blobs.map((blob) => [blob.key.name, blob]));
  const names = new Set([...files.keys(), ...live.keys()]);
  return [...names].map((name) => {
    const blob = live.get(name);
    const file = files.get(name);
    const isCandidate = name === OUTPUT && blob?.generation === replacingIn(meta)?.generation;
    if (blob && isCandidate && (file || isPurged(meta))) return { kind: "candidate", name, file, blob };
    // Made by a restore that was slower than a prune and a purge: what was given up stays so.
    if (blob && isPurged(meta) && (blob.generation.startsWith(RESTORED_PREFIX) || isLate(blob.generation, undefined)))
      return { kind: "stray", name, file: undefined, blob };
    return partOf(name, isArchived(meta), file, blob);
  });
}

function partOf(name: string, archived: boolean, file: ArchivedFile | undefined, blob: BlobRef | undefined): Part {
  if (blob === undefined) return { kind: "archived", name, file: file as ArchivedFile };
  if (!archived) return { kind: "live", name, blob };
  if (file !== undefined && blob.generation === file.restoring) return { kind: "restored", name, file, blob };
  if (file !== undefined && blob.generation === file.generation) {
    if (blob.size === file.liveBytes) return { kind: "leftover", name, file, blob };
    if (blob.size > file.liveBytes) return { kind: "tail", name, file, blob, from: file.liveBytes };
    return { kind: "stray", name, file, blob };
  }
  if (blob.generation.startsWith(RESTORED_PREFIX) || isLate(blob.generation, file))
    return { kind: "stray", name, file, blob };
  return { kind: "tail", name, file, blob, from: 0 };
}

/** Bytes of the archive that belong to the file, then bytes of its blob that do. */
export function sizesOf(part: Part): { readonly archived: number; readonly live: number } {
  if (part.kind === "live" || part.kind === "restored") return { archived: 0, live: part.blob.size };
  const archived = part.file?.bytes ?? 0;
  return { archived, live: part.kind === "tail" ? part.blob.size - part.from : 0 };
}

/** Stored bytes of the manifest that was committed, as far as the metadata tells. */
export function manifestBytesOf(id: string, meta: Meta): number | undefined {
  const files = archivedFiles(id, meta);
  const all = countAt(meta, KEY.storedBytes);
  return all === undefined || files.length === 0
    ? undefined
    : files.reduce((rest, file) => rest - file.storedBytes, all);
}

/** Sink keys that restores were asked to keep. */
export function keptArchives(meta: Meta): readonly string[] {
  return stringsAt(meta, KEY.keptArchives);
}

/** Sink keys of the session that collectors are about to delete. */
export function condemnedKeys(id: string, meta: Meta): readonly string[] {
  return stringsAt(meta, KEY.condemned).filter((key) => isOwnKey(id, key));
}

/** Sink keys of the session that its commits have given up, and that may be there still. */
export function givenUpKeys(id: string, meta: Meta): readonly string[] {
  const keys = stringsAt(meta, KEY.givenUp);
  if (keys.length === 0) return keys; // as of nearly every session: what it names need not be asked
  const named = new Set(namedKeys(id, meta));
  return keys.filter((key) => isOwnKey(id, key) && !named.has(key));
}

/** Sink keys that the session needed before a commit and does not need after it. */
export function givenUpBy(id: string, before: Meta, after: Meta): readonly string[] {
  const kept = new Set(namedKeys(id, after));
  return namedKeys(id, before).filter((key) => isOwnKey(id, key) && !kept.has(key));
}

/** Being removed: nothing of it can be read any more. */
export function isRemoving(meta: Meta): boolean {
  return positiveAt(meta, KEY.removingAt) !== undefined;
}

/** Every sink key the session needs. */
export function namedKeys(id: string, meta: Meta): readonly string[] {
  const manifest = stringAt(meta, KEY.archiveManifest);
  const current = isArchived(meta) ? archivedFiles(id, meta).map((file) => file.path) : [];
  return [
    ...new Set([
      ...current,
      ...(manifest === undefined ? [] : [manifest]),
      ...keptArchives(meta),
      ...versionKeys(meta),
    ]),
  ];
}
