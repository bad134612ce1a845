/** Every object below a store's directory that may match a query. */
import { join, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { matchesIndex, type ObjectQuery } from "@session-archiver/core/adapter";
import { lstatOf } from "./files.js";
import { mayHold, type Path } from "./layout.js";
import {
  type Below,
  emptyBelow,
  type Found,
  foundAt,
  indexOf,
  isAsFound,
  type ListingIndex,
  readIndex,
  writeIndex,
} from "./listing-index.js";
import type { FoundMeta } from "./meta-file.js";
import type { StoreDirectory } from "./store-directory.js";
import { directoriesIn, type Visit, visitDirectory } from "./visit-directory.js";
import { mapAhead } from "./walk.js";

export interface ListOptions {
  /** Gets the error of each object that is `CORRUPT` or can't be read: it must not keep the others from being swept. */
  readonly onSkipped: (error: Error) => void;
  /** Whether an index may be written. */
  readonly keepsIndex: boolean;
}

/** The index is written anew once this many directories, and this share of all, were not as it said. */
const MANY = 64;
const SHARE = 0.05;
/** Directories looked at in a row. */
const LOOKS = 500;

/** Each object once, and not those of which an index says that they don't match. */
export async function* listObjects(
  { tree, staging }: Pick<StoreDirectory, "tree" | "staging">,
  query: ObjectQuery,
  { onSkipped, keepsIndex }: ListOptions,
): AsyncGenerator<FoundMeta> {
  const { prefix = "", ...narrowing } = query;
  // On Windows the times of directories are late.
  const isNarrow = Object.values(narrowing).some((value) => value !== undefined) && process.platform !== "win32";
  const now = Date.now();
  const there = await tree.find([]);
  if (there === undefined) return; // an empty path is no directory, and an error in Deno
  const root: string = there;
  const index: ListingIndex | undefined = isNarrow && !tree.mayMove() ? await readIndex(tree, now) : undefined;
  const wants = ([, , object]: Found): boolean => object !== null && matchesIndex(indexOf(object), query);
  let looks = 0;
  let changes = 0;

  /** The names to visit. What is as it was, with nothing for this query in it, is noted in `into` and left out. */
  async function* changedOrWanted(path: Path, names: readonly string[], known: Below, into: Below) {
    const directory = join(root, ...path);
    for (const name of names) {
      if (++looks % LOOKS === 0) await setImmediate();
      const found = foundAt(known, name);
      const isLeft = found && !wants(found) && isEmpty(found[3]);
      const stats = isLeft ? lstatOf(`${directory}${sep}${name}`) : undefined;
      if (found && stats && isAsFound(found, stats)) into[name] = found;
      else yield name;
    }
  }

  async function visit(path: Path, known: Found | undefined): Promise<Visit & { readonly path: Path }> {
    const visited = await tree.steady(() => visitDirectory(tree, path, { known, wants, now, onSkipped }));
    if (visited.isNews) changes++;
    return { ...visited, path };
  }

  async function* walk(path: Path, names: readonly string[], known: Below, into: Below): AsyncGenerator<FoundMeta> {
    const held = names.filter((name) => (prefix === "" ? isPlain(name) : mayHold([...path, name], prefix)));
    const step = (name: string) => visit([...path, name], foundAt(known, name));
    for await (const { path: at, object, names: below, found } of mapAhead(
      changedOrWanted(path, held, known, into),
      step,
    )) {
      if (object) yield object;
      const foundBelow = emptyBelow();
      yield* walk(at, below, found?.[3] ?? emptyBelow(), foundBelow);
      if (found) into[at.at(-1) ?? ""] = [found[0], found[1], found[2], foundBelow];
    }
  }

  const below = emptyBelow();
  const top = await tree.steady(async () => directoriesIn((await tree.find([])) ?? root, []));
  yield* walk([], top, index?.below ?? emptyBelow(), below);
  if (!isNarrow || !keepsIndex || prefix !== "" || changes < Math.max(MANY, looks * SHARE)) return;
  await writeIndex(tree, staging, { since: index?.since ?? now, below });
}

function isEmpty(below: Below): boolean {
  for (const _ in below) return false;
  return true;
}

/** Names in an index are names of directories. A path may lead out of the store: somebody else has put it there. */
function isPlain(name: string): boolean {
  return !name.startsWith(".") && !/[/\\]/.test(name);
}
