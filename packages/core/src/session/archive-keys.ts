/** The sink keys that a session needs, has given up, or is about to lose. Pure. */

import { withManifests } from "../format/inline-manifest.js";
import type { Meta } from "../ports.js";
import { archivedFiles, isOwnKey, partsOfFile } from "./archived-file.js";
import { KEY, stringAt, stringsAt, withKeys } from "./metadata.js";
import { isArchived } from "./state.js";
import { versionKeys } from "./versions.js";

/** Sink keys that restores were asked to keep. */
export function keptArchives(meta: Meta): readonly string[] {
  return stringsAt(meta, KEY.keptArchives);
}

/** Sink keys of the session that `gc`, here or of a copy of the store, has marked for deletion. */
export function condemnedKeys(id: string, meta: Meta): readonly string[] {
  return stringsAt(meta, KEY.condemned).filter((key) => isOwnKey(id, key));
}

/**
 * The metadata once keys are condemned that a copy of its store may be about to delete: also those that the session does
 * not name, as an archiver may be about to commit them.
 */
export function condemnedBy(id: string, meta: Meta, keys: readonly string[]): Meta {
  const known = new Set([...condemnedKeys(id, meta), ...givenUpKeys(id, meta)]);
  const more = keys.filter((key) => isOwnKey(id, key) && !known.has(key));
  if (more.length === 0) return meta;
  return withKeys(meta, { [KEY.condemned]: [...condemnedKeys(id, meta), ...new Set(more)] });
}

/** Whether a copy of its store may be about to delete something of the session's present archive. */
export function leansOnCondemned(id: string, meta: Meta): boolean {
  const condemned = condemnedKeys(id, meta);
  return condemned.length > 0 && currentKeys(id, meta).some((key) => condemned.includes(key));
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
  const others = [...(manifest === undefined ? [] : [manifest]), ...keptArchives(meta), ...versionKeys(meta)];
  return [...new Set(withManifests([...currentKeys(id, meta), ...others]))];
}

/** The files of its archive, without their manifest. */
function currentKeys(id: string, meta: Meta): readonly string[] {
  return isArchived(meta) ? archivedFiles(id, meta).flatMap((file) => partsOfFile(file).map(({ key }) => key)) : [];
}
