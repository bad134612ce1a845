/**
 * Earlier outputs of a session. When an import finds that the source was rewritten, the archive of the present output
 * is kept as a version, and the source becomes the output. Pure. See ADR 0031.
 */

import type { Json, Meta } from "../ports.js";
import { type ArchivedFile, type ArchivedPart, partsIn, partsOfFile, storedParts } from "./archived-file.js";
import { countAt, KEY, positiveAt, recordIn, stringAt } from "./metadata.js";

/** One earlier output. Sizes in bytes. */
export interface KeptOutput {
  /** When it was replaced, in unix ms. */
  readonly replacedAt: number;
  /** Sink keys of its archive and of that archive's manifest, and the manifest's CRC-32. */
  readonly archiveKey: string;
  readonly manifestKey: string;
  readonly manifestCrc32?: number;
  /** Raw bytes, archive bytes, CRC-32 and non-blank lines. */
  readonly rawBytes: number;
  readonly archiveBytes: number;
  readonly crc32: number;
  readonly lines: number;
  /** The archive files that it lies in, if there are several. */
  readonly parts?: readonly ArchivedPart[];
}

/** The form in the metadata. */
interface StoredOutput extends Omit<KeptOutput, "archiveKey" | "manifestKey" | "rawBytes" | "archiveBytes" | "parts"> {
  readonly path: string;
  readonly manifest: string;
  readonly bytes: number;
  readonly storedBytes: number;
  readonly parts?: Json;
}

/** A replacement that has begun. */
export interface Replacing {
  readonly at: number;
  /** The generation of the blob with the new output. Until the commit, the blob counts for nothing. */
  readonly generation: string;
}

/** Oldest first. A version that can't be understood is `undefined`, so that the numbers of the others never change. */
export function keptOutputs(meta: Meta): readonly (KeptOutput | undefined)[] {
  const kept = meta[KEY.versions];
  return Array.isArray(kept) ? kept.map((value) => keptOutput(value)) : [];
}

function keptOutput(value: unknown): KeptOutput | undefined {
  const kept = recordIn(value);
  if (!kept) return undefined;
  const keys = ["path", "manifest"].map((key) => stringAt(kept, key));
  const counts = ["bytes", "storedBytes", "crc32", "lines"].map((key) => countAt(kept, key));
  const isShaped = positiveAt(kept, "replacedAt") && !keys.includes(undefined) && !counts.includes(undefined);
  if (!isShaped) return undefined;
  const { path, manifest, bytes, storedBytes, parts: stored, ...rest } = kept as unknown as StoredOutput;
  const parts = partsIn(stored);
  if (stored !== undefined && !parts) return undefined;
  const sizes = { rawBytes: bytes, archiveBytes: storedBytes };
  return { ...rest, archiveKey: path, manifestKey: manifest, ...sizes, ...(parts && { parts }) };
}

/** The metadata's form of an archived output and its manifest, without the time. */
export function storedOutput(
  file: Omit<ArchivedFile, "name" | "generation" | "liveBytes"> | undefined,
  manifest: Json | undefined,
  manifestCrc32: Json | undefined,
): Readonly<Record<string, Json | undefined>> {
  const { archiveKey, rawBytes, archiveBytes, crc32, lines, parts } = file ?? {};
  const sizes = { bytes: rawBytes, storedBytes: archiveBytes, crc32, lines };
  return { path: archiveKey, manifest, manifestCrc32, ...sizes, parts: parts && storedParts(parts) };
}

/** How often the output was replaced. As long as this is the same, the bytes of an earlier look are still there. */
export function lifeOf(meta: Meta): number {
  return keptOutputs(meta).length;
}

/** Sink keys that the kept versions need. */
export function versionKeys(meta: Meta): readonly string[] {
  return keptOutputs(meta).flatMap((kept) =>
    kept ? [...partsOfFile(kept).map(({ key }) => key), kept.manifestKey] : [],
  );
}

export function replacingIn(meta: Meta): Replacing | undefined {
  const replacing = recordIn(meta[KEY.replacing]) ?? {};
  const generation = stringAt(replacing, "generation");
  return generation === undefined ? undefined : { at: positiveAt(replacing, "at") ?? 0, generation };
}
