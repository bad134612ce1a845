/** Files in a folder of archives that don't belong there, and archives that are not what their names say. */
import { count } from "../output/text.js";
import { areasOf, type DoctorPlaces } from "./areas.js";
import type { Finding } from "./finding.js";
import { type Looker, named, sessionsOf } from "./looker.js";
import { haveSameBytes } from "./same-bytes.js";
import { sinkCopy } from "./sink-copies.js";
import { ownKeyAt, sessionOf } from "./sink-names.js";
import { type Entry, walk } from "./walk.js";

/** What programs that copy files add to a name until they are done. */
const UNFINISHED = /(?:\.part|\.partial|\.tmp|\.temp|\.filepart|\.crdownload|\.download|\.!sync|\.bts|~)$/i;
/** `.x.jsonl.gz.Ab3dE9`, as rsync has it. */
const RSYNC = /^\.(.+)\.(?!icloud$)[A-Za-z0-9]{6}$/;

export function lookForForeign(places: DoctorPlaces): Looker {
  const others: Entry[] = [];
  const hidden: Entry[] = [];
  const stores: Entry[] = [];
  const empty: Entry[] = [];
  return {
    see(entry) {
      if (entry.area.kind !== "sink") return;
      const { what, stats, key } = entry;
      if (what === "other") others.push(entry);
      else if (what === "store") stores.push(entry);
      else if (what === "hidden" && RSYNC.test(entry.names.at(-1) ?? "")) hidden.push(entry);
      else if (key !== undefined && stats.size === 0) empty.push(entry);
    },
    async *findings() {
      const unfinished: Named[] = [];
      const rest: Entry[] = [];
      for (const entry of [...hidden, ...others]) {
        const key = await unfinishedOf(entry);
        if (key !== undefined) unfinished.push({ path: entry.path, key });
        else if (entry.what === "other" && !(await sinkCopy(entry))) rest.push(entry);
      }
      const twice = await doublyNamed(rest, places);
      const foreign = [...stores, ...rest.filter(({ path }) => !twice.some((named) => named.path === path))];
      if (empty.length > 0) yield emptyArchives(empty);
      if (unfinished.length > 0) yield halfWritten(unfinished);
      if (twice.length > 0) yield secondNames(twice);
      if (foreign.length > 0) yield foreignFiles(foreign);
    },
  };
}

interface Named {
  readonly path: string;
  readonly key: string;
}

async function unfinishedOf({ area, names, stats }: Entry): Promise<string | undefined> {
  const name = names.at(-1) ?? "";
  const original = RSYNC.exec(name)?.[1] ?? name.replace(UNFINISHED, "");
  if (original === name || !stats.isFile()) return undefined;
  return ownKeyAt(area.folder, [...names.slice(0, -1), original]);
}

/** Goes through the archives again, and compares those of the same size. */
async function doublyNamed(entries: readonly Entry[], places: DoctorPlaces): Promise<readonly Named[]> {
  const files = entries.filter(({ stats }) => stats.isFile() && stats.size > 0);
  if (files.length === 0) return [];
  const found = new Map<string, string>();
  for (const area of areasOf(places).filter(({ kind }) => kind === "sink")) {
    for await (const { path, key, stats } of walk(area, () => {})) {
      if (key === undefined) continue;
      for (const file of files) {
        if (file.stats.size !== stats.size || found.has(file.path)) continue;
        if (await haveSameBytes(file.path, path).catch(() => false)) found.set(file.path, key);
      }
    }
  }
  return [...found].map(([path, key]) => ({ path, key }));
}

function emptyArchives(entries: readonly Entry[]): Finding {
  return {
    kind: "archive-empty",
    severity: "damage",
    message: `${count(entries.length, "archive file")} hold no bytes: ${pathsOf(entries)}. This library gives a name to finished files only, so another program or a failing disk has emptied them.`,
    sessions: sessionsOf(entries.map(({ key }) => key && sessionOf(key))),
    remedy: "put them back from a backup, or import the sessions again if their sources are still there",
  };
}

function halfWritten(files: readonly Named[]): Finding {
  return {
    kind: "half-written",
    severity: "note",
    message: `A copying program has left the beginnings of ${count(files.length, "archive file")}: ${pathsOf(files)}. Nothing reads them.`,
    sessions: sessionsOf(files.map(({ key }) => sessionOf(key))),
    remedy: "copy again what is missing, then delete them",
  };
}

function secondNames(files: readonly Named[]): Finding {
  return {
    kind: "double-name",
    severity: "note",
    message: `${count(files.length, "file")} among the archives have the same bytes as an archive, under another name: ${pathsOf(files)}. Nothing reads them under that name.`,
    sessions: sessionsOf(files.map(({ key }) => sessionOf(key))),
    remedy: "delete the ones with the other names, if they are not to be kept",
  };
}

function foreignFiles(entries: readonly Entry[]): Finding {
  return {
    kind: "foreign-files",
    severity: "note",
    message: `Among the archives there ${entries.length === 1 ? "is" : "are"} ${count(entries.length, "other thing")}: ${pathsOf(entries)}. No command touches what is not the archiver's.`,
    sessions: [],
    remedy: "move them elsewhere, if they are not meant to be there",
  };
}

function pathsOf(files: readonly { readonly path: string }[]): string {
  return named(files.map(({ path }) => path));
}
