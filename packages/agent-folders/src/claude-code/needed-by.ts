/**
 * Forks name results of tools in their parent's folder by absolute path, and have no copies of them. While a fork stays, so
 * does its parent.
 */
import { dirname } from "node:path/posix";
import type { OpOptions } from "@session-archiver/core";
import type { Files } from "../files.js";
import { inParallel, READS_AT_ONCE } from "../parallel.js";
import type { Member, Place, Unit } from "../source.js";
import { namedResults } from "./named-results.js";

/** Transcripts of other projects are searched up to this many bytes in all, those changed last first. */
const MOST_BYTES_ELSEWHERE = 1024 ** 3;

/** Why units may not be freed, by id. `UNAVAILABLE` if a transcript that stays can't be read: it may name any of them. */
export async function neededByForks(
  place: Place,
  files: Files,
  freeing: readonly Unit[],
  staying: readonly Unit[],
  op: OpOptions,
  mostElsewhere: number = MOST_BYTES_ELSEWHERE,
): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  const parents = new Map(freeing.filter(hasResults).map((unit) => [unit.nativeId, unit]));
  let budget = mostElsewhere;
  let children = staying;
  // A parent that stays for its fork may itself be a fork of another.
  while (parents.size > 0 && children.length > 0) {
    const projects = new Set([...parents.values()].map(projectFolder));
    const here = children.filter((unit) => projects.has(projectFolder(unit)));
    const elsewhere = children.filter((unit) => !projects.has(projectFolder(unit)));
    const searched = [...here];
    for (const unit of elsewhere.toSorted((a, b) => b.lastModifiedMs - a.lastModifiedMs)) {
      const size = transcriptsOf(unit).reduce((bytes, { look }) => bytes + look.size, 0);
      if (size > budget) continue;
      budget -= size;
      searched.push(unit);
    }
    const named = await inParallel(READS_AT_ONCE, searched, (unit) => namedBy(place, files, unit, op), op);
    const next: Unit[] = [];
    for (const [index, ids] of named.entries()) {
      for (const id of ids) {
        const parent = parents.get(id);
        const child = searched[index];
        if (!parent || !child) continue;
        parents.delete(id);
        reasons.set(parent.id, `${child.id} stays, and names results of tools in its folder`);
        next.push(parent);
      }
    }
    children = next;
  }
  return reasons;
}

const hasResults = ({ members }: Unit): boolean => members.some(({ path }) => /\/tool-results\//.test(path));
const projectFolder = ({ members }: Unit): string => dirname(members[0]?.path ?? "");
const transcriptsOf = ({ members }: Unit): readonly Member[] => members.filter(({ path }) => path.endsWith(".jsonl"));

async function namedBy(place: Place, files: Files, unit: Unit, op: OpOptions): Promise<readonly string[]> {
  const named = new Set<string>();
  for (const { root, path } of transcriptsOf(unit)) {
    const folder = place.roots.find(({ name }) => name === root)?.path;
    const file = folder === undefined ? undefined : await files.open(`${folder}/${path}`);
    // It was moved or deleted meanwhile: the next plan will see.
    if (!file) continue;
    try {
      for (const id of await namedResults(file.read(), op)) named.add(id);
    } finally {
      await file.close();
    }
  }
  return [...named];
}
