/** Every object below a store's directory that may match a query. */
import type { Stats } from "node:fs";
import { join, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { matchesIndex, type ObjectQuery, sweepIndex } from "@session-archiver/core/adapter";
import { unlessUnreadable } from "./errors.js";
import { lstatOf } from "./files.js";
import { mayHold, type Path, recordPath } from "./layout.js";
import {
  type Below,
  emptyNames,
  type Found,
  foundAt,
  indexOf,
  isAsFound,
  isSettled,
  type Records,
  readIndex,
  recordAt,
  unread,
  type Values,
  valuesOf,
  writeIndex,
} from "./listing-index.js";
import { type FoundMeta, readMetaIn } from "./meta-file.js";
import type { StoreDirectory } from "./store-directory.js";
import { tidySessions } from "./tidy.js";
import { type Visit, visitDirectory } from "./visit-directory.js";
import { mapAhead } from "./walk.js";

export interface ListOptions {
  /** Gets the error of each object that is `CORRUPT` or can't be read: it must not keep the others from being swept. */
  readonly onSkipped: (error: Error) => void;
  /** Whether a sweep may write an index, and tidy what older builds and crashes have left. */
  readonly isWritable: boolean;
}

/** The index is written anew once this many looks, and this share of all, would have been saved by a new one. */
const MANY = 64;
const SHARE = 0.05;
/** Looks in a row, and files read in a row. */
const LOOKS = 500;
const READS = 50;
/** Sessions tidied after one listing. */
const MAX_TIDIED = 10_000;

/** Each object once, and not those of which an index says that they don't match. */
export async function* listObjects(
  store: StoreDirectory,
  query: ObjectQuery,
  { onSkipped, isWritable }: ListOptions,
): AsyncGenerator<FoundMeta> {
  const { tree, staging } = store;
  const { prefix = "", ...narrowing } = query;
  // On Windows the times of directories are late.
  const isNarrow = Object.values(narrowing).some((value) => value !== undefined) && process.platform !== "win32";
  const now = Date.now();
  const there = await tree.find([]);
  if (there === undefined) return; // an empty path is no directory, and an error in Deno
  const root: string = there;
  const index = isNarrow && !tree.mayMove() ? await readIndex(tree, now) : undefined;
  const untidy: Path[] = [];
  let looks = 0;
  let reads = 0;
  let saved = 0;

  const wants = (values: Values): boolean => matchesIndex(indexOf(values), query);
  const isWithin = (path: Path): boolean => (prefix === "" ? isPlain(path.at(-1) ?? "") : mayHold(path, prefix));

  async function read(path: Path): Promise<FoundMeta | undefined> {
    if (++reads % READS === 0) await setImmediate();
    const look = async (): Promise<FoundMeta | undefined> => {
      const found = await tree.find([]);
      return found === undefined ? undefined : readMetaIn(join(found, ...path.slice(0, -1)), path);
    };
    return unlessUnreadable(() => tree.steady(look), onSkipped);
  }

  function statsOf(path: Path): Promise<Stats | undefined> {
    return tree.steady(async () => lstatOf(join((await tree.find([])) ?? root, ...recordPath(path))));
  }

  /** The objects in a directory. Notes in `into` what it knows of them. */
  async function* objectsIn(
    { path, records, found, mark }: Visit,
    known: Records,
    into: Records,
  ): AsyncGenerator<FoundMeta> {
    for (const name of records) {
      if (++looks % LOOKS === 0) await setImmediate();
      const at = [...path, name];
      const record = recordAt(known, name);
      // In a directory that is as it was, so is each record.
      const stats = found && record ? undefined : await statsOf(at);
      const isKnown = record && (found || (stats && isAsFound(record, stats)));
      if (isKnown) into[name] = record;
      if (isKnown && !found && mark[0] !== 0) saved++; // a new index has the directory as it is now
      if (!isWithin(at) || (isKnown && !wants(record[2]))) continue;
      const object = await read(at);
      if (!object) continue;
      yield object;
      if (!isNarrow || isKnown || !stats || !isSettled(stats, now)) continue;
      into[name] = [stats.ino, stats.ctimeMs, valuesOf(sweepIndex(object.meta))];
      saved++;
    }
  }

  /** The names to visit. What is as it was, with nothing in it that has an object, is noted in `into` and left out. */
  async function* unlessEmpty(path: Path, names: readonly string[], known: Below, into: Below): AsyncGenerator<string> {
    const directory = join(root, ...path);
    for (const name of names) {
      if (++looks % LOOKS === 0) await setImmediate();
      const found = foundAt(known, name);
      const isLeaf = found && isEmpty(found[2]) && isEmpty(found[3]);
      const stats = isLeaf ? lstatOf(`${directory}${sep}${name}`) : undefined;
      if (found && stats && isAsFound(found, stats)) into[name] = found;
      else yield name;
    }
  }

  function visit(path: Path, known: Found | undefined): Promise<Visit | undefined> {
    return tree.steady(() => visitDirectory(tree, path, known, now, onSkipped));
  }

  /** The objects in a directory and below it; returns what was found. */
  async function* walk(visited: Visit, known: Found | undefined): AsyncGenerator<FoundMeta, Found> {
    const { path, mark, found } = visited;
    const [, , knownRecords, knownBelow] = unread(known);
    const records: Records = emptyNames();
    const below: Below = emptyNames();
    yield* objectsIn(visited, knownRecords, records);
    const here = new Set(visited.records);
    const names = visited.names.filter((name) => isWithin([...path, name]));
    const step = async (name: string) => ({ name, visit: await visit([...path, name], foundAt(knownBelow, name)) });
    for await (const { name, visit } of mapAhead(unlessEmpty(path, names, knownBelow, below), step)) {
      // An older build's record, which may just have been moved out.
      const object = here.has(name) || visit?.found ? undefined : await read([...path, name]);
      if (object) yield object;
      if (!visit) continue;
      if (visit.hasOldRecord || visit.isLeft) untidy.push(visit.path);
      const foundBelow = yield* walk(visit, foundAt(knownBelow, name));
      below[name] = visit.hasOldRecord || visit.isLeft ? unread(foundBelow) : foundBelow;
    }
    if (!found && mark[0] !== 0) saved++;
    return [...mark, records, below];
  }

  const top = await visit([], index?.top);
  if (!top) return;
  const found = yield* walk(top, index?.top);
  if (!isNarrow || !isWritable || tree.mayMove()) return;
  await tidySessions(store, untidy.slice(0, MAX_TIDIED));
  if (prefix !== "" || saved < Math.max(MANY, looks * SHARE)) return;
  await writeIndex(tree, staging, { since: index?.since ?? now, top: found });
}

function isEmpty(names: object): boolean {
  for (const _ in names) return false;
  return true;
}

/** Names in an index are names of directories. A path may lead out of the store: somebody else has put it there. */
function isPlain(name: string): boolean {
  return !name.startsWith(".") && !/[/\\]/.test(name);
}
