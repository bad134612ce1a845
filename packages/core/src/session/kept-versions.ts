/** Earlier outputs of a session, as files that can be opened. */
import { ArchiverError } from "../errors.js";
import { type ArchivedFile, isOwnKey, storedFiles } from "./archived-file.js";
import { KEY, OUTPUT, withKeys } from "./metadata.js";
import type { Snapshot } from "./snapshot.js";
import { keptOutputs } from "./versions.js";

/** What `info` tells of an earlier output. */
export interface KeptVersion {
  /** 1 for the oldest that is kept. */
  readonly version: number;
  /** When an import replaced it, unix ms. */
  readonly replacedAt: number;
  readonly rawBytes: number;
  readonly lineCount: number;
}

export function keptVersions({ object }: Snapshot): readonly KeptVersion[] {
  return keptOutputs(object.meta).flatMap((kept, i) =>
    kept ? [{ version: i + 1, replacedAt: kept.replacedAt, rawBytes: kept.rawBytes, lineCount: kept.lines }] : [],
  );
}

/** The session as if it held that version, archived. `NOT_FOUND` if there is none of this number. */
export function keptSnapshot({ object }: Snapshot, version: number): Snapshot {
  const { id, meta } = object;
  const all = keptOutputs(meta);
  const kept = all[version - 1];
  if (version < 1 || version > all.length) {
    const message = `Session "${id}" has no version ${version}: ${all.length === 0 ? "none is kept" : `kept are 1 to ${all.length}`}.`;
    throw new ArchiverError("NOT_FOUND", message, { id });
  }
  if (!kept || !isOwnKey(id, kept.archiveKey) || !isOwnKey(id, kept.manifestKey)) {
    const message = `The metadata of session "${id}" does not say where its version ${version} is.`;
    throw new ArchiverError("CORRUPT", message, { id });
  }
  const { archiveKey, rawBytes, archiveBytes, crc32, lines } = kept;
  const file: ArchivedFile = {
    name: OUTPUT,
    archiveKey,
    generation: "kept",
    liveBytes: 0,
    rawBytes,
    archiveBytes,
    crc32,
    lines,
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
