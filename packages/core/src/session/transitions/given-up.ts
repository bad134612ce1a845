/** Notes the sink keys that a commit gives up. Pure. */

import type { Meta } from "../../ports.js";
import { givenUpBy, givenUpKeys, namedKeys } from "../archive-keys.js";
import { KEY, withKeys } from "../metadata.js";

/** The most keys to note. For objects beyond these, `gc` needs their manifests to prove that they are superfluous. */
const MOST_GIVEN_UP = 256;

/** Notes the sink keys that a commit gives up, and `more` keys whose objects hold nothing beyond what is given up. */
export function withGivenUp(id: string, before: Meta, after: Meta, more: readonly string[] = []): Meta {
  const kept = new Set(namedKeys(id, after));
  const all = new Set([...givenUpKeys(id, before), ...givenUpBy(id, before, after), ...more]);
  const givenUp = [...all].filter((key) => !kept.has(key)).slice(-MOST_GIVEN_UP);
  return withKeys(after, { [KEY.givenUp]: givenUp.length > 0 ? givenUp : null });
}

export const NO_ARCHIVE: Meta = {
  [KEY.archiveKey]: null,
  [KEY.manifestKey]: null,
  [KEY.manifestCrc32]: null,
  [KEY.archiveFiles]: null,
  [KEY.archiveBytes]: null,
  [KEY.verifiedAt]: null,
  [KEY.settlingAt]: null,
  [KEY.resumedAt]: null,
  [KEY.keepArchive]: null,
  [KEY.replacing]: null,
};
