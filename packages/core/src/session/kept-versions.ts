/** Opens earlier outputs of a session as files. */
import { ArchiverError } from "../errors.js";
import { type ArchivedFile, isOwnKey, partsOfFile, storedFiles } from "./archived-file.js";
import { KEY, OUTPUT, withKeys } from "./metadata.js";
import type { Snapshot } from "./snapshot.js";
import { keptOutputs } from "./versions.js";

/** One earlier output in `info`. */
export interface KeptVersion {
  /** The number by which it is read: 1 for the oldest that is kept. */
  readonly version: number;
  /** When an import replaced it, in unix ms. */
  readonly replacedAt: number;
  readonly rawBytes: number;
  readonly lineCount: number;
}

export function keptVersions({ object }: Snapshot): readonly KeptVersion[] {
  return keptOutputs(object.meta).flatMap((kept, i) =>
    kept ? [{ version: i + 1, replacedAt: kept.replacedAt, rawBytes: kept.rawBytes, lineCount: kept.lines }] : [],
  );
}

/** The snapshot as if the session held this version, archived. `NOT_FOUND` if there is no such version. */
export function keptSnapshot({ object }: Snapshot, version: number): Snapshot {
  const { id, meta } = object;
  const all = keptOutputs(meta);
  const kept = all[version - 1];
  if (version < 1 || version > all.length) {
    const message = `Session "${id}" has no version ${version}: ${all.length === 0 ? "none is kept" : `kept are 1 to ${all.length}`}.`;
    throw new ArchiverError("NOT_FOUND", message, { id });
  }
  const sinkKeys = kept && [kept.archiveKey, kept.manifestKey, ...partsOfFile(kept).map(({ key }) => key)];
  if (!kept || !sinkKeys?.every((key) => isOwnKey(id, key))) {
    const message = `The metadata of session "${id}" does not say where its version ${version} is.`;
    throw new ArchiverError("CORRUPT", message, { id });
  }
  const { archiveKey, rawBytes, archiveBytes, crc32, lines, parts } = kept;
  const file: ArchivedFile = {
    name: OUTPUT,
    archiveKey,
    generation: "kept",
    liveBytes: 0,
    rawBytes,
    archiveBytes,
    crc32,
    lines,
    ...(parts && { parts }),
  };
  const keys = withKeys(
    {},
    {
      [KEY.archivedAt]: kept.replacedAt,
      [KEY.archiveKey]: archiveKey,
      [KEY.manifestKey]: kept.manifestKey,
      [KEY.manifestCrc32]: kept.manifestCrc32,
      [KEY.archiveFiles]: storedFiles([file]),
    },
  );
  return { object: { ...object, meta: keys }, files: [{ kind: "archived", name: OUTPUT, file }] };
}
