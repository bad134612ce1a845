/** Goes through the files of a store, without following links and without opening any of its files. */
import type { Stats } from "node:fs";
import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../fs-errors.js";
import { type Area, databaseFiles } from "./areas.js";
import { ownKeyAt } from "./sink-names.js";
import { isClosed, statOf } from "./stats.js";

export interface Entry {
  readonly area: Area;
  readonly path: string;
  /** Below the area's folder; empty for the folder itself. */
  readonly names: readonly string[];
  /** Of the entry itself, if it is a link. */
  readonly stats: Stats;
  /**
   * `own`: the store or sink has made it. `hidden`: begins with a dot and is somebody else's. `store`: the folder of another
   * store. `other`: anything else.
   */
  readonly what: "own" | "hidden" | "store" | "other";
  /** The sink key that it has. */
  readonly key: string | undefined;
}

/** The hidden entries at the top of a store's folder that are its own. */
const OWN_HIDDEN = [".staging", ".names", ".index", ".lock", ".lock-journal"];

/** `onUnreadable` is called with the path of each entry that this user may not look at. */
export async function* walk(area: Area, onUnreadable: (path: string) => void): AsyncGenerator<Entry> {
  const stats = statOf(area.folder);
  if (!stats && isClosed(area.folder)) onUnreadable(area.folder);
  if (!stats?.isDirectory()) return;
  // The folder itself may be reached through a link; nothing below it may.
  if (area.kind !== "database") {
    yield { area, path: area.folder, names: [], stats, what: "own", key: undefined };
  }
  yield* below(area, [], onUnreadable);
}

async function* below(
  area: Area,
  above: readonly string[],
  onUnreadable: (path: string) => void,
): AsyncGenerator<Entry> {
  const folder = join(area.folder, ...above);
  for (const name of await namesIn(folder, onUnreadable)) {
    const names = [...above, name];
    const path = join(folder, name);
    const stats = await lstat(path).catch((error: unknown) => {
      if (systemCode(error) !== "ENOENT") onUnreadable(path); // a file may go at any time
      return undefined;
    });
    if (!stats) continue;
    const { what, key } = await whatIs(area, names, stats);
    yield { area, path, names, stats, what, key };
    const isOurs = what === "own" || what === "other";
    if (stats.isDirectory() && isOurs && area.kind !== "database") yield* below(area, names, onUnreadable);
  }
}

async function namesIn(folder: string, onUnreadable: (path: string) => void): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder, { bufferSize: 512 })) names.push(name);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") onUnreadable(folder);
  }
  return names.sort();
}

async function whatIs(area: Area, names: readonly string[], stats: Stats): Promise<Pick<Entry, "what" | "key">> {
  const [first = ""] = names;
  const own = { what: "own", key: undefined } as const;
  if (area.kind === "database") return databaseFiles(area.file ?? "").includes(first) ? own : { ...own, what: "other" };
  if (OWN_HIDDEN.includes(first)) return own;
  if (names.at(-1)?.startsWith(".")) return { ...own, what: "hidden" };
  if (stats.isDirectory()) {
    const inside = statOf(join(area.folder, ...names, ".staging"));
    return { ...own, what: inside ? "store" : "own" };
  }
  if (area.kind === "sessions") return own;
  const key = stats.isFile() ? await ownKeyAt(area.folder, names) : undefined;
  return { what: key === undefined ? "other" : "own", key };
}
