/**
 * Earlier outputs of a session. When an import finds that the source was rewritten, the archive of what the session held is
 * kept as a version, and the source becomes its output. Pure. See ADR 0031.
 */

import type { Meta } from "../ports.js";
import { countAt, KEY, positiveAt, recordIn, stringAt } from "./metadata.js";

/** One earlier output. Sizes in bytes. */
export interface KeptOutput {
  /** When it was replaced, unix ms. */
  readonly replacedAt: number;
  /** Sink keys of its archive and of the manifest to that, and the manifest's CRC-32. */
  readonly archiveKey: string;
  readonly manifestKey: string;
  readonly manifestCrc32?: number;
  /** Raw bytes, archive bytes, CRC-32 and non-blank lines. */
  readonly rawBytes: number;
  readonly archiveBytes: number;
  readonly crc32: number;
  readonly lines: number;
}

/** The same in the metadata. */
interface StoredOutput extends Omit<KeptOutput, "archiveKey" | "manifestKey" | "rawBytes" | "archiveBytes"> {
  readonly path: string;
  readonly manifest: string;
  readonly bytes: number;
  readonly storedBytes: number;
}

/** A replacement that has begun. */
export interface Replacing {
  readonly at: number;
  /** The generation of the blob with the new output. It counts for nothing until the commit. */
  readonly generation: string;
}

/** Oldest first. What can't be understood is left out, but keeps its place: numbers of versions never change. */
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
  const { path, manifest, bytes, storedBytes, ...rest } = kept as unknown as StoredOutput;
  return { ...rest, archiveKey: path, manifestKey: manifest, rawBytes: bytes, archiveBytes: storedBytes };
}

/** How often the output was replaced: while this is the same, so are the bytes that were there before. */
export function lifeOf(meta: Meta): number {
  return keptOutputs(meta).length;
}

/** Sink keys that the kept versions need. */
export function versionKeys(meta: Meta): readonly string[] {
  return keptOutputs(meta).flatMap((kept) => (kept ? [kept.archiveKey, kept.manifestKey] : []));
}

export function replacingIn(meta: Meta): Replacing | undefined {
  const replacing = recordIn(meta[KEY.replacing]) ?? {};
  const generation = stringAt(replacing, "generation");
  return generation === undefined ? undefined : { at: positiveAt(replacing, "at") ?? 0, generation };
}
