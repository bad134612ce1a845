/** What an archive's manifest says about its lines. */
import { collect, decodeManifest, KEY, type Meta, OUTPUT } from "@session-archiver/core";
import { textAt } from "../meta.ts";
import type { Stores } from "../stores.ts";
import type { Checkpoint } from "./checkpoints.ts";

export interface ArchivedLines {
  readonly checkpoints: readonly Checkpoint[];
  /** All bytes of the archive, and the line ends in them. */
  readonly end: Checkpoint;
}

/** `undefined` if the manifest is lost or damaged: the archive can be read without it. */
export async function archivedLines(stores: Stores, id: string, meta: Meta): Promise<ArchivedLines | undefined> {
  const key = textAt(meta, KEY.archiveManifest);
  if (key === undefined) return undefined;
  try {
    const manifest = decodeManifest(await collect(stores.archives.read(key)), key);
    const file = manifest.id === id ? manifest.files.find(({ name }) => name === OUTPUT) : undefined;
    return (
      file && {
        checkpoints: file.segments.map(({ rawOffset, line }) => ({ offset: rawOffset, line })),
        end: { offset: file.rawBytes, line: file.newlines },
      }
    );
  } catch {
    return undefined; // core warns of it when it reads the archive
  }
}
