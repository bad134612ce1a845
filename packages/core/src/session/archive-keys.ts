/** The sink keys that a session needs, has given up, or is about to lose. Pure. */

import { withManifests } from "../format/inline-manifest.js";
import type { Meta } from "../ports.js";
import { archivedFiles, isOwnKey, partsOfFile } from "./archived-file.js";
import { KEY, stringAt, stringsAt } from "./metadata.js";
import { isArchived } from "./state.js";
import { versionKeys } from "./versions.js";

/** Sink keys that restores were asked to keep. */
export function keptArchives(meta: Meta): readonly string[] {
  return stringsAt(meta, KEY.keptArchives);
}

/** Sink keys of the session that `gc` has marked for deletion. */
export function condemnedKeys(id: string, meta: Meta): readonly string[] {
  return stringsAt(meta, KEY.condemned).filter((key) => isOwnKey(id, key));
}

/** Sink keys of the session that its commits have given up; their objects may still exist. */
export function givenUpKeys(id: string, meta: Meta): readonly string[] {
  const keys = stringsAt(meta, KEY.givenUp);
  if (keys.length === 0) return keys; // true of nearly every session, and saves the look at what it names
  const named = new Set(namedKeys(id, meta));
  return keys.filter((key) => isOwnKey(id, key) && !named.has(key));
}

/** Sink keys that the session needed before a commit and does not need after it. */
export function givenUpBy(id: string, before: Meta, after: Meta): readonly string[] {
  const kept = new Set(namedKeys(id, after));
  return namedKeys(id, before).filter((key) => isOwnKey(id, key) && !kept.has(key));
}

/** Every sink key that the session needs. An inline manifest is needed as long as its archive is: it can't be deleted alone. */
export function namedKeys(id: string, meta: Meta): readonly string[] {
  const manifest = stringAt(meta, KEY.manifestKey);
  const current = isArchived(meta)
    ? archivedFiles(id, meta).flatMap((file) => partsOfFile(file).map(({ key }) => key))
    : [];
  const others = [...(manifest === undefined ? [] : [manifest]), ...keptArchives(meta), ...versionKeys(meta)];
  return [...new Set(withManifests([...current, ...others]))];
}
