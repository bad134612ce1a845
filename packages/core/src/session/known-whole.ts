/**
 * Since when a session's archived bytes are known to be right. An archive file is read back before it is committed, and
 * a verification may have been noted. Pure. See ADR 0035.
 */
import { keyTime } from "../format/keys.js";
import type { Meta } from "../ports.js";
import { KEY, positiveAt, recordIn, stringAt } from "./metadata.js";
import { isArchived } from "./state.js";
import { keptOutputs } from "./versions.js";

/** Whether anything of the session is archived: its present output, or a kept version. */
export function hasArchives(meta: Meta): boolean {
  return isArchived(meta) || keptOutputs(meta).length > 0;
}

/**
 * Every archived byte of the session was read and found right at this time (unix ms) or later. `undefined` if nothing
 * is archived, or if the metadata does not say.
 */
export function knownWholeAt(meta: Meta): number | undefined {
  if (!hasArchives(meta)) return undefined;
  const readBack = readBackAt(meta);
  const verified = verifiedAt(meta);
  return readBack !== undefined && verified !== undefined ? Math.max(readBack, verified) : (verified ?? readBack);
}

/** When everything that the session held was last found right, live bytes included: as above, or as it was noted. */
export function lastFoundWhole(meta: Meta): number | undefined {
  return hasArchives(meta) ? knownWholeAt(meta) : verifiedAt(meta);
}

/** The note of a verification, unless the archive is younger. */
function verifiedAt(meta: Meta): number | undefined {
  const at = positiveAt(meta, KEY.verifiedAt);
  return at !== undefined && at >= (positiveAt(meta, KEY.archivedAt) ?? 0) ? at : undefined;
}

/**
 * When the one of its archive files was made that was made first: a new archive leaves unchanged files where they are,
 * and so does an import that replaces the output.
 */
function readBackAt(meta: Meta): number | undefined {
  const times = [...(isArchived(meta) ? fileTimes(meta) : []), ...versionTimes(meta)];
  let first = Number.POSITIVE_INFINITY;
  for (const time of times) {
    if (time === undefined) return undefined;
    first = Math.min(first, time);
  }
  return Number.isFinite(first) ? first : undefined;
}

function fileTimes(meta: Meta): readonly (number | undefined)[] {
  const archivedAt = positiveAt(meta, KEY.archivedAt) ?? 0;
  const files = meta[KEY.archiveFiles];
  if (!Array.isArray(files)) return [undefined];
  const keyBase = stringAt(meta, KEY.manifestKey)?.replace(/json$/, "");
  return files.map((file) => {
    const key = stringAt(recordIn(file) ?? {}, "path");
    if (key === undefined) return undefined;
    // Files that were made with the manifest were read back just before the commit.
    if (keyBase !== undefined && key.startsWith(keyBase)) return archivedAt;
    const made = keyTime(key);
    return made === undefined ? undefined : Math.min(made, archivedAt);
  });
}

function versionTimes(meta: Meta): readonly (number | undefined)[] {
  return keptOutputs(meta).map((kept) => (kept ? keyTime(kept.archiveKey) : undefined));
}
