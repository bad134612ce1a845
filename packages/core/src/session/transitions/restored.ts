/** What a restore writes into the metadata: first its intent, then its commit. Pure. */

import type { Meta } from "../../ports.js";
import { keptArchives, namedKeys } from "../archive-keys.js";
import { type ArchivedFile, storedFiles } from "../archived-file.js";
import { KEY, withKeys } from "../metadata.js";
import { NO_ARCHIVE, withGivenUp } from "./given-up.js";

/** The intent of `restore`: the generation each blob will have, where none is recorded yet. */
export function asRestoring(
  meta: Meta,
  files: readonly ArchivedFile[],
  restore: { readonly at: number; readonly keepArchive: boolean; readonly newGeneration: () => string },
): Meta {
  return withKeys(meta, {
    [KEY.archiveFiles]: storedFiles(files.map((file) => withRestoring(file, restore.newGeneration))),
    [KEY.settlingAt]: restore.at,
    [KEY.keepArchive]: restore.keepArchive || null,
  });
}

/** With the generation that its blob will have, unless one is recorded already. */
export function withRestoring(file: ArchivedFile, newGeneration: () => string): ArchivedFile {
  return file.restoring === undefined ? { ...file, restoring: newGeneration() } : file;
}

/** The commit of `restore`: every file is whole in its blob. */
export function asLive(id: string, meta: Meta, now: number): Meta {
  const kept = meta[KEY.keepArchive] === true ? namedKeys(id, meta) : keptArchives(meta);
  const live = withKeys(meta, {
    ...NO_ARCHIVE,
    [KEY.archivedAt]: null,
    [KEY.archivedRawBytes]: null,
    [KEY.keptArchives]: kept.length > 0 ? kept : null,
    [KEY.restoredAt]: now,
  });
  return withGivenUp(id, meta, live);
}
