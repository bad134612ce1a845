/** One kind of look at the files of a store. All of them share a single walk. */

import type { Finding } from "./finding.js";
import type { Entry } from "./walk.js";

export interface Looker {
  /** Called with each entry, a folder before what is in it. */
  see(entry: Entry): void;
  /** Called once, at the end of the walk. */
  findings(): AsyncIterable<Finding>;
}

const MOST_SESSIONS = 100;
const MOST_EXAMPLES = 3;

/** The sessions of a finding. */
export function sessionsOf(ids: Iterable<string | undefined>): readonly string[] {
  const known = [...ids].filter((id) => id !== undefined);
  return [...new Set(known)].sort().slice(0, MOST_SESSIONS);
}

/** `"a", "b", "c" and 2 more`. */
export function named(paths: readonly string[]): string {
  const shown = paths.slice(0, MOST_EXAMPLES).map((path) => `"${path}"`);
  const rest = paths.length - shown.length;
  return shown.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
