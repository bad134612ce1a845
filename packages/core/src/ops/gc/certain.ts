/** What of a session proves that an archive object is superfluous. */
import { condemnedKeys } from "../../session/archive-keys.js";
import { partsOfFile } from "../../session/archived-file.js";
import { KEY, withKeys } from "../../session/metadata.js";
import type { Snapshot } from "../../session/snapshot.js";
import { keptOutputs } from "../../session/versions.js";

/** The snapshot without the versions that a copy of the store may be about to delete; the snapshot itself if there are none. */
export function withoutCondemned(snapshot: Snapshot): Snapshot {
  const { id, meta } = snapshot.object;
  const condemned = new Set(condemnedKeys(id, meta));
  const versions = meta[KEY.versions];
  if (condemned.size === 0 || !Array.isArray(versions)) return snapshot;
  const kept = keptOutputs(meta);
  const isCertain = (_: unknown, i: number): boolean => {
    const version = kept[i];
    return version === undefined || !partsOfFile(version).some(({ key }) => condemned.has(key));
  };
  const certain = versions.filter(isCertain);
  if (certain.length === versions.length) return snapshot;
  return { ...snapshot, object: { ...snapshot.object, meta: withKeys(meta, { [KEY.versions]: certain }) } };
}
