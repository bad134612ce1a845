/** Files and folders that other users of the machine can read or change, or that belong to another user. */
import { constants, readdirSync, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, sep } from "node:path";
import { systemCode } from "../fs-errors.js";
import { count } from "../output/text.js";
import type { DoctorPlaces } from "./areas.js";
import type { Finding } from "./finding.js";
import { type Looker, named } from "./looker.js";
import { lstatOf } from "./stats.js";
import type { Entry } from "./walk.js";

const OTHERS = 0o077;
const MODE = { file: 0o600, folder: 0o700 };
/** What a home holds, and the folder of a plain-file store. Beside other things, the folder is the user's own. */
const PARTS_OF_A_HOME = /^(?:\.|archives$|store$|sessions|quarantine$)/;

interface Place {
  readonly path: string;
  readonly stats: Pick<Stats, "mode" | "uid" | "ino">;
}

export function lookAtModes({ home, store, sink, platform, probes }: DoctorPlaces): Looker {
  const seen = new Map<string, Place>();
  /** Folders among the archives that have shown no archive yet. */
  const undecided = new Map<string, Place>();
  const strangers: Place[] = [];
  const uid = probes.uid();
  let owner = uid === 0 ? undefined : uid;

  function note(place: Place): void {
    // Run by an administrator, the store's owner is who owns its folder.
    owner ??= place.stats.uid;
    if (place.stats.uid !== owner) strangers.push(place);
    else if ((place.stats.mode & OTHERS) !== 0) seen.set(place.path, place);
  }

  function decide(path: string): void {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const place = undecided.get(folder);
      if (!place) return;
      undecided.delete(folder);
      note(place);
    }
  }

  return {
    see({ area, path, names, stats, what, key }: Entry) {
      if (platform === "win32" || what !== "own" || stats.isSymbolicLink()) return;
      const place = { path, stats };
      const isInside = area.kind === "sink" && stats.isDirectory() && names.length > 0 && !names[0]?.startsWith(".");
      if (isInside) undecided.set(path, place);
      else note(place);
      if (key !== undefined) decide(path);
    },
    async *findings() {
      if (platform === "win32") return;
      const isUsed = [store, sink].some((spec) => spec?.path.startsWith(home + sep));
      for (const folder of new Set([...(isUsed ? [home] : []), ...(store?.kind === "fs" ? [store.path] : [])])) {
        const stats = lstatOf(folder);
        if (stats?.isDirectory() && holdsOnlyOurs(folder)) note({ path: folder, stats });
      }
      const wide = [...seen.values()];
      if (wide.length > 0) yield wideModes(wide);
      if (strangers.length > 0) yield foreignOwner(strangers);
    },
  };
}

function holdsOnlyOurs(folder: string): boolean {
  try {
    const names = readdirSync(folder);
    return names.some((name) => !name.startsWith(".")) && names.every((name) => PARTS_OF_A_HOME.test(name));
  } catch {
    return false; // the walk reports what can't be read
  }
}

function wideModes(places: readonly Place[]): Finding {
  const paths = places.map(({ path }) => path);
  const what = sized(places);
  return {
    kind: "wrong-modes",
    severity: "warning",
    message: `Other users of this machine can read or change ${what} of the store: ${named(paths)}. Sessions are private.`,
    sessions: [],
    remedy: "set files to 600 and folders to 700: session-archiver doctor --repair",
    repair: { plan: `set ${what} to 600 (files) and 700 (folders)`, run: () => narrowAll(places) },
  };
}

function foreignOwner(places: readonly Place[]): Finding {
  const wide = places.filter(({ stats }) => (stats.mode & OTHERS) !== 0).length;
  const also = wide > 0 ? ` ${wide} of them can be read or changed by others.` : "";
  const paths = named(places.map(({ path }) => path));
  return {
    kind: "other-owner",
    severity: "warning",
    message: `${sized(places)} of the store belong to another user, as after a run with sudo: ${paths}.${also} Commands may fail there.`,
    sessions: [],
    remedy: "give them back to the store's owner with chown, as an administrator",
  };
}

function sized(places: readonly Place[]): string {
  const folders = places.filter(({ stats }) => isFolder(stats)).length;
  const files = places.length - folders;
  const parts = [files > 0 ? count(files, "file") : "", folders > 0 ? count(folders, "folder") : ""];
  return parts.filter((part) => part !== "").join(" and ");
}

function isFolder({ mode }: Pick<Stats, "mode">): boolean {
  return (mode & constants.S_IFMT) === constants.S_IFDIR;
}

async function narrowAll(places: readonly Place[]): Promise<string> {
  let done = 0;
  const failures: string[] = [];
  for (const place of places) {
    try {
      if (await narrow(place)) done++;
    } catch (error) {
      failures.push(`${place.path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const said = `${done} of ${places.length} were set`;
  if (failures.length > 0) throw new Error(`${said}; ${named(failures)}`);
  return said;
}

/** `false` if it is gone, or is another one by now. Never follows a link that has come to stand in its place. */
async function narrow({ path, stats }: Place): Promise<boolean> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch((error: unknown) => {
    if (["ENOENT", "ELOOP"].includes(systemCode(error))) return undefined;
    throw error;
  });
  if (!handle) return false;
  try {
    if ((await handle.stat()).ino !== stats.ino) return false;
    await handle.chmod(isFolder(stats) ? MODE.folder : MODE.file);
    if (((await handle.stat()).mode & OTHERS) !== 0) throw new Error("the file system keeps no modes");
    return true;
  } finally {
    await handle.close();
  }
}
