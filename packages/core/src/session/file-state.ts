/** Where each file of a session has its bytes, by its metadata and its blobs together. Pure. */

import type { BlobRef, Meta } from "../ports.js";
import { type ArchivedFile, archivedFiles } from "./archived-file.js";
import { OUTPUT } from "./metadata.js";
import { isArchived, isPurged } from "./state.js";
import { replacingIn } from "./versions.js";

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
export function followingGeneration({ rawBytes, crc32 }: ArchivedFile, randomId: string): string {
  return `follows-${rawBytes}-${crc32}-${randomId}`;
}

function isLate(generation: string, file: ArchivedFile | undefined): boolean {
  const [, bytes, crc] = /^follows-(\d+)-(\d+)-/.exec(generation) ?? [];
  return bytes !== undefined && !(Number(bytes) === file?.rawBytes && Number(crc) === file.crc32);
}

/** What a blob is to its session, and with it where the file's bytes are. */
export type FileState =
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
      readonly kind: "continuation";
      readonly name: string;
      readonly file: ArchivedFile | undefined;
      readonly blob: BlobRef;
      readonly from: number;
    };

/** Each file of the session: where its bytes are. */
export function fileStates(id: string, meta: Meta, blobs: readonly BlobRef[]): readonly FileState[] {
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
    return fileState(name, isArchived(meta), file, blob);
  });
}

function fileState(
  name: string,
  archived: boolean,
  file: ArchivedFile | undefined,
  blob: BlobRef | undefined,
): FileState {
  if (blob === undefined) return { kind: "archived", name, file: file as ArchivedFile };
  if (!archived) return { kind: "live", name, blob };
  if (file !== undefined && blob.generation === file.restoring) return { kind: "restored", name, file, blob };
  if (file !== undefined && blob.generation === file.generation) {
    if (blob.size === file.liveBytes) return { kind: "leftover", name, file, blob };
    if (blob.size > file.liveBytes) return { kind: "continuation", name, file, blob, from: file.liveBytes };
    return { kind: "stray", name, file, blob };
  }
  if (blob.generation.startsWith(RESTORED_PREFIX) || isLate(blob.generation, file))
    return { kind: "stray", name, file, blob };
  return { kind: "continuation", name, file, blob, from: 0 };
}

/** Bytes of the archive that belong to the file, then bytes of its blob that do. */
export function sizesOf(state: FileState): { readonly archived: number; readonly live: number } {
  if (state.kind === "live" || state.kind === "restored") return { archived: 0, live: state.blob.size };
  const archived = state.file?.rawBytes ?? 0;
  return { archived, live: state.kind === "continuation" ? state.blob.size - state.from : 0 };
}
