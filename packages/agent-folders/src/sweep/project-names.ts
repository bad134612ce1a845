/** What projects are called for people: by their working directory, where the sessions show it. Pure. */
import { isAbsolute } from "node:path";
import { keyOf } from "../paths.js";
import type { Candidate } from "./judge-unit.js";

type Named = Pick<Candidate, "place" | "session"> & { readonly unit: Pick<Candidate["unit"], "project"> };

/**
 * The name of each unit's project. Claude Code's folders have names from which the directory can't be read; sessions that
 * were archived show it. If they disagree, since two directories share a folder, the folder's name stays.
 */
export function projectNames(candidates: readonly Named[]): (candidate: Named) => string {
  const seen = new Map<string, Set<string>>();
  const keyFor = ({ place, unit }: Named): string => keyOf(place.source.name, place.home, unit.project);
  for (const candidate of candidates) {
    const { cwd } = candidate.session ?? {};
    if (cwd === undefined) continue;
    const key = keyFor(candidate);
    seen.set(key, (seen.get(key) ?? new Set()).add(cwd));
  }
  return (candidate) => {
    const { project } = candidate.unit;
    const [cwd, ...others] = seen.get(keyFor(candidate)) ?? [];
    return isAbsolute(project) || others.length > 0 ? project : (cwd ?? project);
  };
}
